"""What history keeps of what people decided about causes: for each key and issue the accepted causes and those ruled out.

In: issues, or what a home holds of them. Out: `Settled`s that differ, rows, files. The issue has the last word: what was
taken back there leaves history, too. An issue that lost its memory has no word. Pure.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from triagebot.issues.model import Issue, Settled
from triagebot.redact import recorded
from triagebot.reports.model import Problem
from triagebot.reviews import states
from triagebot.stores.rows import Row

FOLDER = "settled"
_SUFFIX = ".settled1.json.gz"
_MOST = 1024 * 1024
_SETTLED = TypeAdapter(Settled)

Place = tuple[str, int]
"""Key and issue."""


def changed(issues: Iterable[Issue], held: Mapping[Place, Settled]) -> tuple[Settled, ...]:
    """What the issues say other than what is held; without causes, where it was taken back."""
    return tuple(_changed(issues, held))


def _changed(issues: Iterable[Issue], held: Mapping[Place, Settled]) -> Iterator[Settled]:
    for issue in issues:
        if issue.marker is None or issue.trouble:
            continue
        place = (issue.marker.key, issue.number)
        now = states.settled(issue) or Settled(*place)
        if place in held and not now.fixed_by and now.causes == held[place].causes:
            # What closed an issue is asked for where it matters; not to know it now is no news.
            now = replace(now, fixed_by=held[place].fixed_by)
        if now != held.get(place, Settled(*place)):
            yield now


def is_nothing(found: Settled) -> bool:
    """Whether nothing is decided any more."""
    return not (found.causes or found.ruled_out)


def row(project: str, found: Settled) -> Row:
    """One row for a key and an issue."""
    return {
        "project": project,
        "key": found.key,
        "issue": found.issue,
        "told": _SETTLED.dump_json(found, exclude_defaults=True).decode(),
    }


def of_row(told: str) -> Settled | None:
    """What a row tells; None for one that nobody can read."""
    try:
        return _plain(_SETTLED.validate_json(told, strict=True))
    except ValidationError:
        return None


def path_of(found: Settled) -> str:
    """`settled/<24 hex of sha256 over key and issue>.settled1.json.gz`."""
    named = json.dumps([found.key, found.issue])
    return f"{FOLDER}/{hashlib.sha256(named.encode()).hexdigest()[:24]}{_SUFFIX}"


def is_settled(path: str) -> bool:
    """Whether a file of a branch holds what people decided."""
    return path.startswith(f"{FOLDER}/")


def encode(found: Settled) -> bytes | None:
    """The file's bytes, compressed without a time; None where nothing is decided and the file leaves."""
    told = _SETTLED.dump_json(found, exclude_defaults=True)
    return None if is_nothing(found) else gzip.compress(told, 6, mtime=0)


def decode(path: str, data: bytes) -> Settled | Problem:
    """What a file holds, or what is wrong with it. Nothing larger than 1 MiB is unpacked."""
    try:
        text = zlib.decompressobj(wbits=31).decompress(data, _MOST)
        return _plain(_SETTLED.validate_json(text, strict=True))
    except (zlib.error, ValidationError):
        return Problem(path, "no file of what people decided; the next run takes it from the issue")


def _plain(found: Settled) -> Settled:
    """The same with facts as facts: whoever may write to the home can write into it."""
    return replace(found, fixed_by=recorded(found.fixed_by))
