"""Lines of a session in the marker of its issue and in history: JSON by id, the same in both.

In: an issue, or lines. Out: lines by id, a `Session`, the notes of a marker within their room: of older runs the details leave first,
then the runs, and how many did is remembered.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from triagebot.issues.model import SESSION, Issue, Marker
from triagebot.sessions.model import Closed, Line, Ran, Session, Start

KEY = SESSION
DROPPED = "dropped"
_ROOM = 16_000
"""Characters of all lines in a marker."""
_WHOLE = 6
"""So many of the newest runs keep their details."""
_LINE: TypeAdapter[Line] = TypeAdapter(Line)
_NOTHING: Mapping[str, str] = {}

Lines = Mapping[str, Line]


def id_of(line: Line) -> str:
    """What tells a line from all others of its session."""
    match line:
        case Start():
            return "start"
        case Ran(run=run):
            return f"run {run}"
        case Closed(at=at):
            return f"close {at.isoformat()}"


def at_of(line: Line) -> datetime:
    """When it was written."""
    return line.logged if isinstance(line, Ran) else line.at


def written(line: Line) -> str:
    """A line as JSON."""
    return _LINE.dump_json(line, exclude_defaults=True).decode()[:-1] + f',"kind":"{line.kind}"}}'


def lines_of(told: Mapping[str, str]) -> dict[str, Line]:
    """The lines by id; what nobody can read is left out."""
    found: dict[str, Line] = {}
    for text in told.values():
        try:
            line = _LINE.validate_json(text, strict=True)
        except ValidationError:
            continue
        found[id_of(line)] = line
    return found


def lines_in(marker: Marker) -> dict[str, Line]:
    """The lines that an issue remembers."""
    return lines_of({name: text for name, text in marker.notes if name != DROPPED})


def dropped_in(marker: Marker) -> int:
    """How many lines an issue remembers no longer."""
    count = dict(marker.notes).get(DROPPED, "0")
    return int(count) if count.isascii() and count.isdecimal() and len(count) < 7 else 0


def united(*some: Lines) -> dict[str, Line]:
    """All lines; of two with one id the one that tells more."""
    found: dict[str, Line] = {}
    for lines in some:
        for name, line in lines.items():
            if name not in found or len(written(line)) > len(written(found[name])):
                found[name] = line
    return found


def session_of(lines: Lines, issue: Issue | None = None) -> Session | None:
    """The session that lines tell; None where nobody knows how it began."""
    start = lines.get("start")
    if not isinstance(start, Start):
        return None
    runs = sorted(
        (line for line in lines.values() if isinstance(line, Ran)),
        key=lambda ran: (ran.logged, ran.at, ran.run),
    )
    ends = sorted((line for line in lines.values() if isinstance(line, Closed)), key=lambda end: end.at)
    return Session(
        start,
        tuple(runs),
        ends[-1] if ends else None,
        issue.number if issue else 0,
        issue.state == "open" if issue else not ends,
        issue.url if issue else "",
        still_dropped(lines, issue.marker if issue else None),
    )


def still_dropped(lines: Lines, before: Marker | None) -> int:
    """How many lines that an issue dropped are not among these: history may have brought them back."""
    if before is None or not (gone := dropped_in(before)):
        return 0
    held = lines_in(before)
    newest = max((at_of(line) for line in held.values()), default=None)
    back = sum(
        name not in held and newest is not None and at_of(line) <= newest for name, line in lines.items()
    )
    return max(0, gone - back)


def notes(lines: Lines, dropped: int = 0) -> tuple[tuple[str, str], ...]:
    """The lines as the notes of a marker, oldest first, within their room."""
    order = sorted(lines.values(), key=lambda line: (not isinstance(line, Start), at_of(line), id_of(line)))
    runs = [line for line in order if isinstance(line, Ran)]
    brief = {id_of(run) for run in runs[:-_WHOLE]}
    kept = [_brief(line) if isinstance(line, Ran) and id_of(line) in brief else line for line in order]
    texts = [(id_of(line), written(line)) for line in kept]
    while sum(len(json.dumps(text)) + len(name) for name, text in texts) > _ROOM and len(texts) > 2:
        at = next((n for n, (name, _) in enumerate(texts) if name.startswith("run ")), None)
        if at is None:
            break
        del texts[at]
        dropped += 1
    return (*([(DROPPED, str(dropped))] if dropped else []), *texts)


def _brief(ran: Ran) -> Ran:
    """A run without its details."""
    return replace(ran, causes=(), more_causes=len(ran.causes) + ran.more_causes, gates=(), real=(), doubts=(), why_next="", next="", url="")  # fmt: skip


def open_sessions(found: Iterable[Session], environment: str, branch: str) -> list[Session]:
    """The open sessions of a scope, oldest first."""
    ours = (s for s in found if s.open and (s.start.environment, s.start.branch) == (environment, branch))
    return sorted(ours, key=lambda session: (session.start.at, session.id))
