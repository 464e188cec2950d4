"""Reports as the user names them: a file, a folder, a glob, `-`, each plain or packed.

In: paths. Out: `Sources`. What does not exist is the user's mistake (UserError); what exists and cannot be read is a
`Problem`, so that one bad file costs nothing else.
"""

import glob
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from triagebot.errors import NoReports, UserError
from triagebot.reports import sniff
from triagebot.reports.model import Beyond, Problem
from triagebot.sources.allowance import Allowance, Refused
from triagebot.sources.archives import Blob, is_gzip, is_zip, pieces, unpacked, unzipped
from triagebot.sources.plain_files import opened

_REPORT_SUFFIXES = (".json", ".xml", ".txt", ".log", ".out", ".gz", ".zip")
_MAYBE_EMPTY = (".json", ".xml")
_SKIPPED_FOLDERS = {"node_modules", "__pycache__"}
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, in the order of the paths (folders in the order of names), and what could not be.

    `strangers` says why what was read may come from code of strangers; "" when it does not, or nobody asked.
    """

    blobs: tuple[Blob, ...]
    problems: tuple[Problem, ...]
    strangers: str = ""


def read(
    paths: Sequence[str], *, stdin: BinaryIO | None = None, allowance: Allowance | None = None
) -> Sources:
    """Read every report that the paths name: files, folders (all reports below), globs, `.gz`, `.zip`, `-` for `stdin`.

    A file that is named is read whatever it holds; in folders and archives only what looks like a report is. A path
    that leads to the same file twice counts once. `allowance` is what the command may still read. Raises UserError: NoReports for a path that
    leads to no report, so that the caller may let that pass.
    """
    seen: set[str] = set()
    allowed = allowance or Allowance()
    found = [one for path in paths for one in _named(path, stdin, allowed, seen)]
    return Sources(
        tuple(one for one in found if isinstance(one, Blob)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def _named(
    path: str, stdin: BinaryIO | None, allowance: Allowance, seen: set[str]
) -> Iterator[Blob | Problem]:
    """What one path names."""
    if path == "-":
        if stdin is None:
            raise UserError("- reads a report from standard input, and there is none. Name a file instead.")
        yield from _opened("-", stdin, allowance)
    elif Path(path).is_dir():
        yield from _folder(Path(path), allowance, seen)
    elif os.path.lexists(path):
        yield from _file(Path(path), allowance, seen)
    else:
        yield from _matches(path, allowance, seen)


def _matches(pattern: str, allowance: Allowance, seen: set[str]) -> Iterator[Blob | Problem]:
    """The files that a glob matches, folders among them opened."""
    magic = glob.has_magic(pattern)
    paths = sorted(glob.glob(pattern, recursive=True)) if magic else []  # noqa: PTH207 pathlib refuses absolute ones
    if not paths:
        what = "no file matches it" if magic else "there is no such file or folder"
        raise NoReports(f"{pattern}: {what}. Check the path, or run pytest with --json-report first.")
    for path in map(Path, paths):
        yield from (
            _folder(path, allowance, seen, strict=False) if path.is_dir() else _file(path, allowance, seen)
        )


def _folder(
    folder: Path, allowance: Allowance, seen: set[str], *, strict: bool = True
) -> Iterator[Blob | Problem]:
    """Every report below a folder."""
    empty = True
    for path in _below(folder, allowance):
        if isinstance(path, Problem):
            yield path
        elif _may_be_report(path):
            empty = False
            yield from _file(path, allowance, seen)
    if empty and strict:
        raise NoReports(
            f"{folder}: no report in this folder. Name a file, or run pytest with --json-report first."
        )


def _below(folder: Path, allowance: Allowance) -> Iterator[Path | Problem]:
    """The files below a folder in the order of their names; hidden folders and links to folders are not entered."""
    for home, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS
        )
        for name in sorted(names):
            if not allowance.another_file():
                most = allowance.limits.files
                yield Beyond(
                    str(folder), f"more than {most} files in all; the rest was not looked at (limits.files)"
                )
                return
            yield Path(home, name)


def _may_be_report(path: Path) -> bool:
    """Whether a file in a folder looks like a report: by its ending, then by how its content starts."""
    if not path.name.lower().endswith(_REPORT_SUFFIXES) or not path.exists():
        return False
    try:
        with opened(path) as file:
            head = file.read(_HEAD)
    except OSError:
        return True
    return looks_like_report(path.name, head)


def looks_like_report(name: str, head: bytes) -> bool:
    """Whether a file that nobody named is worth reading. Empty ones count: a killed run leaves such reports."""
    if is_zip(head) or is_gzip(head):
        return True
    if not head.strip(b"\0 \t\r\n"):
        return name.lower().endswith(_MAYBE_EMPTY)
    return sniff(head) is not None


def _file(path: Path, allowance: Allowance, seen: set[str]) -> Iterator[Blob | Problem]:
    """What one file holds; nothing the second time."""
    real = os.path.realpath(path)
    if real in seen:
        return
    seen.add(real)
    try:
        with opened(path) as file:
            yield from _opened(str(path), file, allowance)
    except OSError as error:
        yield Problem(str(path), f"cannot be opened: {error.strerror or error}")


def _opened(name: str, file: BinaryIO, allowance: Allowance) -> Iterator[Blob | Problem]:
    """The reports in an open file, packed or plain."""
    try:
        data = allowance.take(pieces(file))
    except Refused as refused:
        yield Beyond(name, str(refused))
        return
    if is_zip(data):
        yield from unzipped(name, io.BytesIO(data), allowance, looks_like_report)
    elif is_gzip(data):
        yield unpacked(name, data, allowance)
    else:
        yield Blob(name, data)
