"""Errors that services logged around a run, counted: what they say is seen on the first screen, with no word on what they broke.

In: a run, logs without secrets. Out: sentences, the most frequent first. What logs of passing runs say too is left out.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePath

from triagebot.reports.model import Run
from triagebot.steps.log_timeline import Entry, merge
from triagebot.steps.model import LogText

_MOST = 3
_CHARS = 220
_ROOM = 8_000_000
"""Characters of logs that are read for this: nobody waits for a screen."""
_SLACK = timedelta(seconds=120)
_ERROR = re.compile(
    r"\b(?:FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|SEVERE|ERR|Traceback)\b|\b[A-Z]\w{1,60}(?:Error|Exception)\b"
)
"""A record that calls itself an error. Hit: `ERROR staging.api gone`. Miss: `WARNING slow`. Miss: `uvicorn.error`."""

_EMPTY = re.compile(r" [\w.]{1,41}=(?= |$)")
"""A field whose value says who or which, and is left out. Hit: ` user=`. Miss: ` status=503`."""


def log_errors(run: Run, logs: Sequence[LogText]) -> tuple[str, ...]:
    """`service.log: 27 times from 10:45:51 UTC: ERROR … chat_failed: KeyError: 'TOKEN'` for each of the most frequent errors."""
    if not logs or sum(len(log.text) for log in logs) > _ROOM:
        return ()
    day = run.started.date() if run.started else None
    usual = {entry.kind for entry in merge([log for log in logs if log.passing]) if _is_error(entry)}
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in merge([log for log in logs if not log.passing and log.kind == "service_log"], day):
        if _is_error(entry) and entry.kind not in usual and _is_of(run, entry):
            found[entry.kind].append(entry)
    ranked = sorted(found.values(), key=lambda entries: -len(entries))
    return tuple(_told(entries) for entries in ranked[:_MOST])


def _is_error(entry: Entry) -> bool:
    """Whether a record calls itself an error."""
    return _ERROR.search(entry.text) is not None


def _is_of(run: Run, entry: Entry) -> bool:
    """Whether a record lies within the run, with two minutes on either side; yes where one of them says no time."""
    if entry.at is None or run.started is None or run.duration_s is None:
        return True
    end = run.started + timedelta(seconds=min(max(run.duration_s, 0.0), 1e7))
    return run.started - _SLACK <= entry.at <= end + _SLACK


def _told(entries: Sequence[Entry]) -> str:
    """Records of one kind in a sentence."""
    first = entries[0]
    often = f"{len(entries)} times" if len(entries) > 1 else "once"
    since = f", first at {first.at:%H:%M:%S} UTC" if first.at and not first.guessed else ""
    words = _EMPTY.sub("", first.kind.partition("\n")[0]).lstrip("# ")
    last = f": {first.more[-1].strip()}" if first.more else ""
    return f"{PurePath(first.name).name}: {often}{since}: {words}{last}"[:_CHARS]
