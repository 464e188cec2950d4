"""`triagebot config`: what the config file may say, and whether one is understood."""

import json

import click

from triagebot.cli.reading import DEFAULT_CONFIG, read_config
from triagebot.cli.world import World
from triagebot.config.schema import schema


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
def print_schema(world: World) -> None:
    """Print the JSON Schema of .github/triagebot.toml, for editors and checks."""
    world.stdout.write(json.dumps(schema(), indent=2) + "\n")


@command.command("check")
@click.argument("file", required=False)
@click.pass_obj
def check(world: World, file: str | None) -> None:
    """Say whether FILE is understood; without FILE the repository's own."""
    found = read_config(file, world)
    name = file or DEFAULT_CONFIG
    if file is None and not (world.cwd / name).exists():
        world.stdout.write(f"{name} is not there: every key has its default.\n")
        return
    world.stdout.write(
        f"{name} is understood: {len(found.suites)} suites, {len(found.rules)} rules, {len(found.aliases)} aliases.\n"
    )
