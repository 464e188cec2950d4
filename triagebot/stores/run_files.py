"""One compressed file for each run, for teams whose only home is a branch of their repository.

In: a `RunFile`, or the bytes of one. Out: the other one, its path, and which paths are old. The same run gives the same
path and the same bytes everywhere, so that two writers of one run cannot disagree. Rows of issues' tables that no run
file holds are files, too, named by their content. Pure.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from triagebot.reports.model import Problem
from triagebot.stores.reconciliation import KeyedOccurrence
from triagebot.stores.rows import RunFile
from triagebot.stores.session_lines import FOLDER

SCHEMA = 1
MAX_BYTES = 64 * 1024 * 1024
"""So much a file may hold when it is unpacked; a hundred thousand results take some 12 MiB."""
Rows = tuple[KeyedOccurrence, ...]
NEWER = "a newer triagebot may have written it"
RUNS, ROWS = "runs", "rows"
_FILE = TypeAdapter(RunFile)
_ROWS = TypeAdapter(Rows)
_SUFFIX = f".v{SCHEMA}.json.gz"


def path_of(file: RunFile) -> str:
    """`runs/2025-09-10/<24 hex of sha256 over the run's id>.v1.json.gz`; the day is that of the run's start in UTC."""
    day = file.at.astimezone(UTC).date().isoformat()
    return (
        f"{RUNS}/{day}/{hashlib.sha256(file.id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}{_SUFFIX}"
    )


def encode(file: RunFile) -> bytes:
    """The file's bytes: JSON without defaults, compressed without a time."""
    return gzip.compress(_FILE.dump_json(file, exclude_defaults=True), 6, mtime=0)


def rows_file(rows: Rows) -> tuple[str, bytes]:
    """Path and bytes of rows that were taken over from issues; the day is that of the newest one."""
    data = gzip.compress(_ROWS.dump_json(rows, exclude_defaults=True), 6, mtime=0)
    day = max(row.at for _, row in rows).astimezone(UTC).date().isoformat()
    return f"{ROWS}/{day}/{hashlib.sha256(data).hexdigest()[:24]}{_SUFFIX}", data


def decode(path: str, data: bytes) -> RunFile | Rows | Problem:
    """The run or the rows that a file holds, or what is wrong with it. Nothing larger than `MAX_BYTES` is unpacked."""
    if not path.endswith(_SUFFIX):
        return Problem(path, f"not a run file of schema {SCHEMA}; {NEWER}")
    try:
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(data, MAX_BYTES)
        if unpacker.unconsumed_tail:
            return Problem(path, f"unpacks to more than {MAX_BYTES} bytes")
        adapter = _ROWS if path.startswith(f"{ROWS}/") else _FILE
        return adapter.validate_json(text, strict=True)
    except zlib.error as error:
        return Problem(path, f"not gzip: {error}")
    except ValidationError as error:
        return Problem(path, f"not a run file: {error.errors()[0]['msg']}")


def day_of(path: str) -> date | None:
    """The day in a path; None for a path that is not ours."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] not in (RUNS, ROWS, FOLDER):
        return None
    try:
        return date.fromisoformat(parts[1])
    except ValueError:
        return None


def outdated(paths: Iterable[str], now: datetime, keep_days: int) -> tuple[str, ...]:
    """Our paths of days that ended more than `keep_days` before `now`, in order; foreign paths are never among them."""
    last = now.astimezone(UTC).date() - timedelta(days=keep_days)
    return tuple(sorted(path for path in paths if (day := day_of(path)) is not None and day < last))
