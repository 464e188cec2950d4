"""What history keeps of sessions: one row, or on a branch one file, for each line. Nothing is ever rewritten, so that writers who race lose none.

In: lines (JSON by id, with their time), files of a branch. Out: rows, paths, bytes. What a line says is none of this room's business. Pure.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from triagebot.reports.model import Problem
from triagebot.stores.rows import Row

FOLDER = "sessions"
_SUFFIX = ".line1.json.gz"
_MOST = 1024 * 1024

Lines = Mapping[str, tuple[datetime, str]]
"""Lines of one session by id: when, and what as JSON."""


@dataclass(frozen=True, slots=True)
class LineFile:
    """One line of a session. `at` is UTC."""

    session: str
    line: str
    at: datetime
    told: str


_FILE = TypeAdapter(LineFile)


def files_of(session: str, lines: Lines) -> tuple[LineFile, ...]:
    """The lines of a session as files."""
    return tuple(LineFile(session, line, at, told) for line, (at, told) in lines.items())


def row(project: str, file: LineFile) -> Row:
    """One row for a line."""
    return {"project": project, "session": file.session, "line": file.line, "at": file.at, "told": file.told}


def path_of(file: LineFile) -> str:
    """`sessions/<day>/<24 hex of sha256 over session and line>.line1.json.gz`."""
    named = hashlib.sha256(json.dumps([file.session, file.line]).encode()).hexdigest()[:24]
    return f"{FOLDER}/{file.at.astimezone(UTC).date().isoformat()}/{named}{_SUFFIX}"


def is_line(path: str) -> bool:
    """Whether a file of a branch holds a line of a session."""
    return path.startswith(f"{FOLDER}/")


def encode(file: LineFile) -> bytes:
    """The file's bytes, compressed without a time."""
    return gzip.compress(_FILE.dump_json(file), 6, mtime=0)


def decode(path: str, data: bytes) -> LineFile | Problem:
    """What a file holds, or what is wrong with it. Nothing larger than 1 MiB is unpacked."""
    try:
        return _FILE.validate_json(zlib.decompressobj(wbits=31).decompress(data, _MOST), strict=True)
    except (zlib.error, ValidationError):
        return Problem(path, "no line of a session; the session's issue may hold it")
