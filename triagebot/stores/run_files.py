"""One compressed file for each run, for teams whose only home is a branch of their repository.

In: a `RunFile`, or the bytes of one. Out: the other one, its path, and which paths are old. The same run gives the same
path and the same bytes everywhere, so that two writers of one run cannot disagree. Pure.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from triagebot.reports.model import Problem
from triagebot.stores.rows import RunFile

SCHEMA = 1
MAX_BYTES = 64 * 1024 * 1024
"""So much a file may hold when it is unpacked; a hundred thousand results take some 12 MiB."""
_FILE = TypeAdapter(RunFile)
_SUFFIX = f".v{SCHEMA}.json.gz"


def path_of(file: RunFile) -> str:
    """`runs/2025-09-10/<24 hex of sha256 over the run's id>.v1.json.gz`; the day is that of the run's start in UTC."""
    day = file.at.astimezone(UTC).date().isoformat()
    return f"runs/{day}/{hashlib.sha256(file.id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}{_SUFFIX}"


def encode(file: RunFile) -> bytes:
    """The file's bytes: JSON without defaults, compressed without a time."""
    return gzip.compress(_FILE.dump_json(file, exclude_defaults=True), 6, mtime=0)


def decode(path: str, data: bytes) -> RunFile | Problem:
    """The run that a file holds, or what is wrong with it. Nothing larger than `MAX_BYTES` is unpacked."""
    if not path.endswith(_SUFFIX):
        return Problem(path, f"not a run file of schema {SCHEMA}; a newer triagebot may have written it")
    try:
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(data, MAX_BYTES)
        if unpacker.unconsumed_tail:
            return Problem(path, f"unpacks to more than {MAX_BYTES} bytes")
        return _FILE.validate_json(text, strict=True)
    except zlib.error as error:
        return Problem(path, f"not gzip: {error}")
    except ValidationError as error:
        return Problem(path, f"not a run file: {error.errors()[0]['msg']}")


def day_of(path: str) -> date | None:
    """The day in a path; None for a path that is not ours."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] != "runs":
        return None
    try:
        return date.fromisoformat(parts[1])
    except ValueError:
        return None


def outdated(paths: Iterable[str], now: datetime, keep_days: int) -> tuple[str, ...]:
    """Our paths of days that ended more than `keep_days` before `now`, in order; foreign paths are never among them."""
    last = now.astimezone(UTC).date() - timedelta(days=keep_days)
    return tuple(sorted(path for path in paths if (day := day_of(path)) is not None and day < last))
