"""Archives opened in memory, within limits: a file from a stranger may be a bomb or point outside itself.

In: bytes or an open file. Out: `Blob`s and `Problem`s. Nothing is written to disk, and no name in an archive is ever
used as a path.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, BinaryIO

from triagebot.reports.model import Problem

_CHUNK = 1 << 20
_FREE = 16 << 20
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one input may be: files below a folder or in an archive, bytes of one report, bytes of all reports of
    an archive together, and how many times larger than its packed form a report may be (looked at above 16 MB).
    """

    entries: int = 10_000
    bytes: int = 512 << 20
    total: int = 2 << 30
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Blob:
    """One report's bytes. `path` names it to people: `artifacts.zip!a/junit.xml` for one inside an archive."""

    path: str
    data: bytes


class Refused(Exception):  # noqa: N818 it is the answer to an input, not an error of ours
    """The input breaks a limit; the text says which."""


def is_zip(head: bytes) -> bool:
    """Whether bytes start like a zip."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_gzip(head: bytes) -> bool:
    """Whether bytes start like gzip."""
    return head.startswith(b"\x1f\x8b")


def taken(file: IO[bytes] | gzip.GzipFile, limits: Limits, packed: int | None = None) -> bytes:
    """All bytes of an open file. Raises Refused beyond the limits; `packed` is its packed size where it has one."""
    held = io.BytesIO()  # its value is handed over without a second copy
    while part := file.read(_CHUNK):
        held.write(part)
        size = held.tell()
        if size > limits.bytes:
            raise Refused(f"larger than {limits.bytes >> 20} MB; split the run or raise the limit")
        if packed is not None and size > max(_FREE, packed * limits.ratio):
            raise Refused(f"unpacks to more than {limits.ratio} times its size: a bomb, not a report")
    return held.getvalue()


def unpacked(name: str, data: bytes, limits: Limits) -> Blob | Problem:
    """The content of a gzip file."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return Blob(name, taken(file, limits, len(data)))
    except Refused as refused:
        return Problem(name, str(refused))
    except (OSError, EOFError, zlib.error) as error:
        return Problem(name, f"gzip that cannot be unpacked: {error}")


def unzipped(
    name: str, file: BinaryIO, limits: Limits, wanted: Callable[[str, bytes], bool]
) -> Iterator[Blob | Problem]:
    """The entries of a zip that are `wanted` by name and first bytes, in the order of their names."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        yield Problem(name, f"zip that cannot be opened: {error}")
        return
    with archive:
        entries = sorted(
            (entry for entry in archive.infolist() if not entry.is_dir()), key=lambda e: e.filename
        )
        if len(entries) > limits.entries:
            yield Problem(name, f"zip with {len(entries)} entries; the limit is {limits.entries}")
            return
        empty, total = True, 0
        for one in (one for entry in entries for one in _entry(name, archive, entry, limits, wanted)):
            empty, total = False, total + (len(one.data) if isinstance(one, Blob) else 0)
            if total > limits.total:
                yield Problem(
                    name, f"holds more than {limits.total >> 20} MB of reports; the rest was not read"
                )
                return
            yield one
        if empty:
            yield Problem(name, "zip without a report")


def _entry(
    name: str,
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    limits: Limits,
    wanted: Callable[[str, bytes], bool],
) -> Iterator[Blob | Problem]:
    path = f"{name}!{entry.filename}"
    if not _inside(entry.filename):
        yield Problem(path, "an entry that points outside its archive; it was not read")
        return
    try:
        with archive.open(entry) as file:
            head = file.read(_HEAD)
            if not wanted(entry.filename, head):
                return
        with archive.open(entry) as file:
            data = taken(file, limits, entry.compress_size)
    except Refused as refused:
        yield Problem(path, str(refused))
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
        zlib.error,
    ) as error:
        yield Problem(path, f"an entry that cannot be unpacked: {error}")
    else:
        yield _plain(path, data, limits)


def _plain(path: str, data: bytes, limits: Limits) -> Blob | Problem:
    """An entry's content; a gzip is unpacked, an archive in an archive is not opened."""
    if is_zip(data):
        return Problem(path, "a zip in a zip; unpack the outer one first")
    return unpacked(path, data, limits) if is_gzip(data) else Blob(path, data)


def _inside(filename: str) -> bool:
    """Whether an entry's name stays inside its archive on any system."""
    posix, windows = PurePosixPath(filename), PureWindowsPath(filename)
    outside = posix.is_absolute() or windows.is_absolute() or bool(windows.drive) or "\0" in filename
    return not outside and ".." not in posix.parts and ".." not in windows.parts
