"""The command line: argv, environment, clock and terminal on one side, the pure house on the other.

One file per verb, imported only when it is asked for, so that `--help` and `group` start fast. This module turns
every way of ending into an exit code: 0 done, 1 told the user why, 2 usage, 3 a bug, 4 `--fail-on`, 130 interrupted.
"""

import gc
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import NoReturn, TextIO

import click

from triagebot import __version__
from triagebot.cli.process import Process
from triagebot.errors import TrackerError, UserError

VERBS = {
    "triage": "Read reports, group failures by cause, keep one issue per cause.",
    "plan": "Show or save what triage would change; writes nothing to the tracker.",
    "apply": "Carry out a saved plan, and nothing else.",
    "group": "List the causes in reports; opens no socket and writes nothing.",
    "explain": "Show how a failure got its signature, or why two are not the same.",
    "draft": "Draft the root cause of one group, or show the exact request; files nothing.",
    "select": "Choose what to run next, in order and with reasons, and print the pytest command.",
    "session": "Keep the log of a staging loop: begin, look, what to run now, end with a report.",
    "pytest-args": "Print what pytest needs to run quarantined tests apart.",
    "sweep": "Close what green runs have proven gone, without a report.",
    "board": "Show what is broken, since when, at what cost, and what is stuck.",
    "doctor": "Check token, labels, config, history, clock and model key, and say what to do.",
    "review": "Accept, correct or reject the drafted cause of an issue.",
    "handoff": "Write down what is settled about a cause, for whoever mends it.",
    "bisect-plan": "Print the commands that find the commit which broke a cause.",
    "issues": "Read and steer the local tracker.",
    "config": "Check the config file, or print the JSON Schema of it.",
    "completion": "Print the shell's completion script.",
}


class _Verbs(click.Group):
    """A group whose commands live in `triagebot.cli.commands.<verb>` and are imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order in which a person meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb's command, or None for a verb that does not exist."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(
            f"triagebot.cli.commands.{cmd_name.replace('-', '_')}"
        ).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triagebot")
def app() -> None:
    """Red test reports in, one honest issue per cause out.

    \b
    Examples:
      triagebot triage report.json            issues in a local tracker, no token needed
      triagebot group artifacts/ --json       the causes, for machines
      triagebot explain report.json --test test_login
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    # What a command reads lives to its end: looking through it for cycles every 700 objects finds none.
    gc.set_threshold(50_000, 50, 50)
    leave(run(sys.argv[1:], Process.real()))


def leave(code: int) -> NoReturn:
    """End the process with this code, or with 1 where the last words of a good end cannot be written."""
    if not (_flushed(sys.stdout) & _flushed(sys.stderr)):
        code = code or 1
    sys.exit(code)


def _flushed(stream: TextIO) -> bool:
    """Whether all was written. What was not would fail once more when Python ends, with a code of its own: it is dropped."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


def run(argv: list[str], process: Process) -> int:
    """The exit code of one command; everything it says went to the world's streams."""
    if unfit := _no_utf8(argv, process.environ):
        process.complain(f"{unfit}: not UTF-8. Spell it in UTF-8 and run again.")
        return 1
    try:
        # Click prints help and versions itself, on the process's streams.
        with redirect_stdout(process.stdout), redirect_stderr(process.stderr):
            result = app.main(argv, prog_name="triagebot", standalone_mode=False, obj=process)
        process.stdout.flush()
    except (UserError, TrackerError) as error:
        process.complain(str(error))
        return 1
    except click.ClickException as error:
        error.show(file=process.stderr)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        process.complain("interrupted; what was written stands, and running the same command again continues")
        return 130
    except BrokenPipeError:
        # The reader went away (`triagebot … | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        process.complain(
            f"{_place(error)}: {_reason(error)}. Make room, or name another place, and run again."
        )
        return 1
    except Exception:  # noqa: BLE001 - the last resort: a bug must leave with code 3 and a report
        process.complain(_bug(argv))
        return 3
    return result if isinstance(result, int) else 0


_OURS = ("GITHUB_", "INPUT_", "RUNNER_", "TRIAGEBOT_", "ANTHROPIC_", "COLUMNS")
"""How the names of variables begin whose values are used."""


def _no_utf8(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """The argument or variable that holds bytes of no text, with these spelled out; "" for none."""
    for argument in argv:
        if _has_raw_bytes(argument):
            return argument.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return next(
        (name for name, value in environ.items() if name.startswith(_OURS) and _has_raw_bytes(value)), ""
    )


def _has_raw_bytes(text: str) -> bool:
    """Whether Python hides bytes in a text that came from the system, because they are not UTF-8."""
    return any("\udc80" <= sign <= "\udcff" for sign in text) if not text.isascii() else False


def _place(error: OSError) -> str:
    """What an error of the system is about; the streams have no name."""
    return str(error.filename) if error.filename else "output"


def _reason(error: OSError) -> str:
    """What the system says, in one line."""
    return (error.strerror or str(error) or type(error).__name__).splitlines()[0]


def _bug(argv: list[str]) -> str:
    """A report of our own mistake, ready to paste. The traceback names our files, never the report's content."""
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"this is a bug in triagebot, not in your reports. Nothing was lost: run again, or with --dry-run.\n"
        f"Please file it with the lines below.\n\n"
        f"triagebot {__version__}, Python {python}, {sys.platform}\n"
        f"command: triagebot {' '.join(argv[:1])} …\n\n{traceback.format_exc()}"
    )
