"""The files that runners kept of failures: screenshots, videos, traces; and how a trace is looked at.

In: failures. Out: attachments without repeats, and commands to copy. No file is opened, none is uploaded.
"""

import shlex
from collections.abc import Iterable

from triagebot.reports.model import Attachment, Failure


def kept_files(failures: Iterable[Failure]) -> tuple[Attachment, ...]:
    """The attachments of the failures, each once, in their order."""
    return tuple(dict.fromkeys(kept for failure in failures for kept in failure.attachments))


def shown_name(kept: Attachment) -> str:
    """A file as people look for it: where it lies, else its name."""
    return kept.path or kept.name


def trace_commands(kept: Iterable[Attachment]) -> tuple[str, ...]:
    """What opens each of Playwright's traces, ready to be copied."""
    return tuple(f"npx playwright show-trace {shlex.quote(one.path)}" for one in kept if _is_trace(one))


def _is_trace(kept: Attachment) -> bool:
    return kept.path.endswith("trace.zip") or (kept.name == "trace" and kept.path.endswith(".zip"))
