"""`triagebot config`: what the config file may say, and whether one is understood."""

import json

import click

from triagebot.cli.process import Process
from triagebot.config.schema import schema
from triagebot.pipeline.reading import DEFAULT_CONFIG, read_config


@click.group("config")
def command() -> None:
    """Check the config file, or print the JSON Schema of it.

    \b
    Examples:
      triagebot config check
      triagebot config schema > triagebot.schema.json
    """


@command.command("schema")
@click.pass_obj
def print_schema(process: Process) -> None:
    """Print the JSON Schema of .github/triagebot.toml, for editors and checks."""
    process.stdout.write(json.dumps(schema(), indent=2) + "\n")


@command.command("check")
@click.argument("file", required=False)
@click.pass_obj
def check(process: Process, file: str | None) -> None:
    """Say whether FILE is understood; without FILE the repository's own."""
    found = read_config(file, process.effects)
    name = file or DEFAULT_CONFIG
    if file is None and not (process.cwd / name).exists():
        process.stdout.write(f"{name} is not there: every key has its default.\n")
        return
    process.stdout.write(
        f"{name} is understood: {len(found.suites)} suites, {len(found.rules)} rules, {len(found.aliases)} aliases.\n"
    )
