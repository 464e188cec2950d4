"""What the bot remembers inside an issue, as one line of the body that readers do not see.

In: the body of an issue whose author the tracker trusts, or a `Marker`. Out: the other one. A marker is believed only
when it stands on a line of its own, is well-formed and is the only one; everything else in a body is outside text.
It must not decide what a marker means.
"""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from triagebot.issues.model import Marker, Occurrence
from triagebot.redact import Fact, recorded
from triagebot.reports.model import Problem

VERSION = 1
ROOM = 50
"""How many runs a marker holds; with fewer in it, none was dropped."""
_OPEN = "<!-- triagebot {"
_CLOSE = "} -->"
_MAX_CHARS = 24_000
_MAX_LINE = 65_536
_LIST_CHARS = 5_000
_MOST_HEARD = 60
_PLACES, _PLACED = 4, 20
# Written as JSON escapes: what could end the comment, open another one, or be read as a mention or a reference.
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "@": "\\u0040",
    "#": "\\u0023",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_MARKER = TypeAdapter(Marker)


def read_marker(body: str) -> Marker | Problem | None:
    """The only well-formed marker in `body`; None without one; a Problem for several or for one of a newer version."""
    found = markers_in(body)
    if len(found) > 1:
        return Problem(
            "issue body", f"{len(found)} markers of triagebot in one issue; remove all but the first line"
        )
    if found and found[0].v > VERSION:
        return Problem(
            "issue body", f"marker version {found[0].v} is newer than this triagebot; upgrade triagebot"
        )
    return found[0] if found else None


def markers_in(body: str) -> list[Marker]:
    """Every well-formed marker in `body`, in order, whoever put it there."""
    return [marker for line in lines_of(body) if (marker := _parse(line)) is not None]


def write_marker(marker: Marker) -> str:
    """The marker as one line, cut to fit: quotes, old runs, occurrences, once-keys and then tests leave first."""
    marker = trimmed(marker)
    while len(line := _line(marker)) > _MAX_CHARS and marker != (less := _less(marker)):
        marker = less
    return line


def fits(marker: Marker) -> bool:
    """Whether a marker has room for all that people said, whatever else it has to spare."""
    line = write_marker(marker)
    kept = _parse(line)
    return (
        len(line) <= _MAX_CHARS
        and kept is not None
        and (kept.acts, kept.kept, kept.ruled_out) == (marker.acts, marker.kept, marker.ruled_out)
    )


def trimmed(marker: Marker) -> Marker:
    """The marker with every list at its own limit, newest kept."""
    return replace(
        marker,
        runs=marker.runs[-ROOM:],
        occurrences=marker.occurrences[-ROOM:],
        clean_runs=marker.clean_runs[-ROOM:],
        once=marker.once[-20:],
        tests=_within(marker.tests),
        tests_seen=max(marker.tests_seen, len(marker.tests)),
        parts=_within(marker.parts),
        joined=marker.joined[-ROOM:],
        let_go=marker.let_go[-20:],
        ended=marker.ended[-20:],
        grades=marker.grades[-5:],
        variants=_within(marker.variants[-20:]),
        places=tuple((place, tests[:_PLACED]) for place, tests in marker.places[:_PLACES]),
        parted=_within(marker.parted),
        **_heard(marker),
    )


def _heard(marker: Marker) -> dict[str, Any]:
    """The newest comments' commands; of the others it is enough to know up to which comment none is looked at again."""
    words = sorted(dict.fromkeys(marker.heard), key=_comment_of)
    kept = words[-_MOST_HEARD:]
    dropped = [_comment_of(word) for word in words[:-_MOST_HEARD]]
    return {"heard": tuple(kept), "heard_to": max([marker.heard_to, *dropped])}


def _comment_of(word: str) -> int:
    """The comment that a command was read in; 0 where it came from elsewhere."""
    number = word.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def is_marker(line: str) -> bool:
    """Whether this line of a body is a well-formed marker."""
    return _parse(line) is not None


def lines_of(body: str) -> list[str]:
    """The lines of a body without their ends. GitHub's editor turns every line end into CRLF."""
    return body.replace("\r\n", "\n").split("\n")


def _parse(line: str) -> Marker | None:
    """The marker that one line holds."""
    text = line.strip()
    if not (text.startswith(_OPEN) and text.endswith(_CLOSE)) or len(text) > _MAX_LINE:
        return None
    try:
        return _plain(_MARKER.validate_json(text[len(_OPEN) - 1 : len(_CLOSE) * -1 + 1], strict=True))
    except ValidationError:
        return None


def _plain(marker: Marker) -> Marker:
    """The marker with facts as facts: whoever can edit an issue can write into it."""
    return replace(
        marker,
        occurrences=tuple(map(_plain_row, marker.occurrences)),
        closed_commit=recorded(marker.closed_commit),
        closed_revision=recorded(marker.closed_revision),
        last_fix=recorded(marker.last_fix),
        grades=tuple(replace(grade, fix=recorded(grade.fix) or Fact("")) for grade in marker.grades),
    )


def _plain_row(row: Occurrence) -> Occurrence:
    """A row with facts as facts."""
    return replace(
        row,
        commit=recorded(row.commit),
        revision=recorded(row.revision),
        url=recorded(row.url),
        environment=recorded(row.environment),
        branch=recorded(row.branch),
    )


def _line(marker: Marker) -> str:
    """The line of a marker as it is. Defaults are left out, all but the version."""
    kept = _MARKER.dump_json(marker, exclude_defaults=True).decode()
    text = f'{{"v":{marker.v},{kept[1:]}'
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return f"<!-- triagebot {text.replace('--', '-' + chr(92) + 'u002d')} -->"


def _within(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The first texts that fit into the room of one list."""
    room, kept = _LIST_CHARS, []
    for text in texts:
        room -= len(text) + 3
        if room < 0:
            break
        kept.append(text)
    return tuple(kept)


def _less(marker: Marker) -> Marker:
    """The marker without the oldest of what can be spared; what a draft quotes stands in the issue, too."""
    if any(why.quotes for why in marker.whys):
        return replace(marker, whys=tuple(replace(why, quotes=()) for why in marker.whys))
    if marker.actions and not marker.acts:
        return replace(marker, actions=())
    if len(marker.occurrences) > 1:
        return replace(marker, occurrences=marker.occurrences[len(marker.occurrences) // 4 + 1 :])
    if marker.places and not marker.whole:
        return replace(marker, places=())
    less = replace(
        marker,
        runs=marker.runs[1:],
        clean_runs=marker.clean_runs[1:],
        tests=marker.tests[: len(marker.tests) // 2],
        parts=marker.parts[: len(marker.parts) // 2],
        variants=marker.variants[1:],
    )
    return less if less != marker else _least(marker)


def _least(marker: Marker) -> Marker:
    """The marker without the oldest of what people said and judged, where nothing else is left to spare."""
    if marker.ended or marker.grades or marker.actions:
        return replace(marker, ended=marker.ended[1:], grades=marker.grades[1:], actions=marker.actions[1:])
    return replace(marker, kept=marker.kept[1:], ruled_out=marker.ruled_out[1:])
