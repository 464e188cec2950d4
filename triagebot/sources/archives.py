"""Archives opened in memory, within limits: a file from a stranger may be a bomb or point outside itself.

In: bytes or an open file, and what the command may still read. Out: `Blob`s and `Problem`s. Nothing is written to disk,
and no name in an archive is ever used as a path.
"""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, BinaryIO

from triagebot.reports.model import Beyond, Problem
from triagebot.sources.allowance import Allowance, Refused

_JOB = re.compile(r"-?\d{1,6}_([^/]{1,300})\.txt")
"""A job's whole log in GitHub's log archive, beside the folder `build (eu)` with a log for each step.

Hit: `0_build (eu).txt`
Miss: `build (eu)/1_Set up job.txt`
"""
_CHUNK = 1 << 20
_HEAD = 65_536
_REST = "the rest was not looked at"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How entries are packed by everything that zips reports. The others unpack megabytes at a step, whatever is asked for."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One report's bytes. `path` names it to people: `artifacts.zip!a/junit.xml` for one inside an archive."""

    path: str
    data: bytes


def is_zip(head: bytes) -> bool:
    """Whether bytes start like a zip."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_gzip(head: bytes) -> bool:
    """Whether bytes start like gzip."""
    return head.startswith(b"\x1f\x8b")


def pieces(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    """What an open file holds, a megabyte at a time."""
    return iter(lambda: file.read(_CHUNK), b"")


def unpacked(name: str, data: bytes, allowance: Allowance, packed: int | None = None) -> Blob | Problem:
    """The content of a gzip file. `packed` is its size in the archive around it."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return Blob(name, allowance.unpack(pieces(file), len(data) if packed is None else packed))
    except Refused as refused:
        return Beyond(name, str(refused))
    except (OSError, EOFError, zlib.error) as error:
        return Problem(name, f"gzip that cannot be unpacked: {error}")


def unzipped(
    name: str, file: BinaryIO, allowance: Allowance, wanted: Callable[[str, bytes], bool]
) -> Iterator[Blob | Problem]:
    """The entries of a zip that are `wanted` by name and first bytes, in the order of their names."""
    try:
        archive = zipfile.ZipFile(file)
        left = file.seek(0, io.SEEK_END)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        yield Problem(name, f"zip that cannot be opened: {error}")
        return
    with archive:
        files = (entry for entry in archive.infolist() if not entry.is_dir())
        entries = _each_job_once(sorted(files, key=lambda e: e.filename))
        empty = True
        for entry in entries:
            if not allowance.another_file():
                yield Beyond(name, f"more than {allowance.limits.files} files in all; {_REST} (limits.files)")
                return
            # Entries may lie over each other: together they are no larger than the archive.
            packed = min(entry.compress_size, left)
            left -= packed
            for one in _entry(name, archive, entry, packed, allowance, wanted):
                empty = False
                yield one
        if empty:
            yield Problem(name, "zip without a report")


def _each_job_once(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries without the steps of jobs: in a log archive of GitHub each job's log lies whole beside its folder."""
    whole = {found[1] for entry in entries if (found := _JOB.fullmatch(entry.filename))}
    return [
        entry
        for entry in entries
        if entry.filename.partition("/")[0] not in whole or "/" not in entry.filename
    ]


def _entry(
    name: str,
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    packed: int,
    allowance: Allowance,
    wanted: Callable[[str, bytes], bool],
) -> Iterator[Blob | Problem]:
    path = f"{name}!{entry.filename}"
    if not _inside(entry.filename):
        yield Problem(path, "an entry that points outside its archive; it was not read")
        return
    if entry.compress_type not in _METHODS:
        yield Problem(path, "an entry that is not packed by deflate; it was not read")
        return
    try:
        with archive.open(entry) as file:
            head = file.read(_HEAD)
            if not wanted(entry.filename, head):
                return
        with archive.open(entry) as file:
            data = allowance.unpack(pieces(file), packed, entry.file_size)
    except Refused as refused:
        yield Beyond(path, str(refused))
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
        yield _plain(path, data, packed, allowance)


def _plain(path: str, data: bytes, packed: int, allowance: Allowance) -> Blob | Problem:
    """An entry's content; a gzip is unpacked, an archive in an archive is not opened."""
    if is_zip(data):
        return Problem(path, "a zip in a zip; unpack the outer one first")
    return unpacked(path, data, allowance, packed) if is_gzip(data) else Blob(path, data)


def _inside(filename: str) -> bool:
    """Whether an entry's name stays inside its archive on any system."""
    posix, windows = PurePosixPath(filename), PureWindowsPath(filename)
    outside = posix.is_absolute() or windows.is_absolute() or bool(windows.drive) or "\0" in filename
    return not outside and ".." not in posix.parts and ".." not in windows.parts
