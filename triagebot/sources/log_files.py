"""Log files as the user names them with `--logs`: files and folders, plain, `.gz` or zip.

In: paths. Out: `LogText`s and `Problem`s; no exception for what a file holds. Logs have no format that could be sniffed, so
that in folders and archives the ending decides. Nothing is redacted, merged or judged here, so that
what is read can only be carried on.
"""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from triagebot.errors import UserError
from triagebot.redact import Unredacted
from triagebot.reports import sniff
from triagebot.reports.model import Beyond, Problem
from triagebot.sources.allowance import Allowance, Refused
from triagebot.sources.archives import Blob, is_gzip, is_zip, pieces, unpacked, unzipped
from triagebot.sources.plain_files import opened
from triagebot.steps.model import LogText

LOG_SUFFIXES = (
    ".log", ".txt", ".out", ".err", ".jsonl", ".ndjson", ".log.gz", ".txt.gz", ".jsonl.gz", ".ndjson.gz",
)  # fmt: skip
_BESIDE = (".log", ".jsonl", ".ndjson", ".log.gz", ".jsonl.gz", ".ndjson.gz")
MOST_CHARACTERS = 20_000_000
MOST_BESIDE = 64 << 20
"""Bytes of logs that come with the folders of reports."""
_HEAD = 65_536
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8-sig"}

Kind = Literal["service_log", "ci"]


def read_logs(
    paths: Sequence[str],
    *,
    passing: bool = False,
    kind: Kind = "service_log",
    allowance: Allowance | None = None,
) -> tuple[tuple[Unredacted[LogText], ...], tuple[Problem, ...]]:
    """All logs that the paths name, and what could not be read.

    `passing` marks them as logs of green runs; `allowance` is what may still be read. Of a file of more than 20 million characters the end is kept, for a run
    that fails late fails there, and a problem says so. Raises UserError for a path that does not exist.
    """
    seen: set[str] = set()
    allowed = allowance or Allowance()
    found = (one for path in paths for one in _named(Path(path), allowed, seen))
    return logs_of(found, passing=passing, kind=kind, allowance=allowed)


def logs_of(
    found: Iterable[Blob | Problem], *, passing: bool, allowance: Allowance, kind: Kind = "service_log"
) -> tuple[tuple[Unredacted[LogText], ...], tuple[Problem, ...]]:
    """What was read as logs, and what could not be."""
    logs: list[Unredacted[LogText]] = []
    problems: list[Problem] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        else:
            log, told = _log(one, passing, kind, allowance)
            logs += [Unredacted(log)] if log else []
            problems += told
    return tuple(logs), tuple(problems)


def logs_beside(
    folders: Sequence[str], allowance: Allowance | None = None
) -> tuple[tuple[Unredacted[LogText], ...], tuple[Problem, ...]]:
    """The logs that lie below folders of reports, and which were left out: those beyond 64 MB in all, which nobody named."""
    allowed = allowance or Allowance()
    return logs_of(_beside(folders, allowed), passing=False, allowance=allowed)


def _beside(folders: Sequence[str], allowance: Allowance) -> Iterator[Blob | Problem]:
    """The files below folders that are logs by their ending, and no reports."""
    seen: set[str] = set()
    left = MOST_BESIDE
    for path in (path for folder in folders for path in _below(Path(folder), _BESIDE)):
        if _is_report(path):
            continue
        if not allowance.another_file():
            return  # whoever reads the reports of this folder says so
        left -= path.stat().st_size
        if left < 0:
            told = f"not read: logs beside reports count up to {MOST_BESIDE >> 20} MB; name those that matter with --logs"
            yield Problem(str(path), told)
            return
        yield from _file(path, allowance, seen)


def is_log(name: str, head: bytes) -> bool:
    """Whether a file in an archive is a log by its ending, and no report."""
    return name.lower().endswith(LOG_SUFFIXES) and sniff(head) is None


def _is_report(path: Path) -> bool:
    """Whether a file holds a report, such as pytest's output under the name of a log."""
    try:
        with opened(path) as file:
            return sniff(file.read(_HEAD)) is not None
    except OSError:
        return False


def _named(path: Path, allowance: Allowance, seen: set[str]) -> Iterator[Blob | Problem]:
    """What one path names: itself, or all logs below it."""
    if not os.path.lexists(path):
        raise UserError(f"{path}: there is no such file or folder. Check what you gave to --logs.")
    if not path.is_dir():
        yield from _file(path, allowance, seen)
        return
    files = _below(path, (*LOG_SUFFIXES, ".zip"))
    if not files:
        yield Problem(
            str(path), f"no log in this folder (looked for {', '.join(LOG_SUFFIXES[:6])}, gzip and zip)"
        )
    for file in files:
        if not allowance.another_file():
            most = allowance.limits.files
            yield Beyond(str(path), f"more than {most} logs; the rest was not read (limits.files)")
            return
        yield from _file(file, allowance, seen)


def _below(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """The files below a folder with these endings in the order of their names; links to folders and hidden folders are not entered."""
    found = []
    for home, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(home, name) for name in sorted(names) if name.lower().endswith(endings)]
    return [path for path in found if path.exists()]


def _file(path: Path, allowance: Allowance, seen: set[str]) -> Iterator[Blob | Problem]:
    """What one file holds; nothing the second time."""
    real = os.path.realpath(path)
    if real in seen:
        return
    seen.add(real)
    try:
        with opened(path) as file:
            yield from _opened(path.as_posix(), file, allowance)
    except OSError as error:
        yield Problem(str(path), f"cannot be opened: {error.strerror or error}")


def _opened(name: str, file: BinaryIO, allowance: Allowance) -> Iterator[Blob | Problem]:
    """The logs in an open file, packed or plain."""
    try:
        data = allowance.take(pieces(file))
    except Refused as refused:
        yield Beyond(name, str(refused))
        return
    if is_zip(data):
        yield from unzipped(
            name, io.BytesIO(data), allowance, lambda entry, _: entry.lower().endswith(LOG_SUFFIXES)
        )
    elif is_gzip(data):
        yield unpacked(name, data, allowance)
    else:
        yield Blob(name, data)


def _log(blob: Blob, passing: bool, kind: Kind, allowance: Allowance) -> tuple[LogText | None, list[Problem]]:
    """The text of a log, and what is to be said of it."""
    data = unpacked(blob.path, blob.data, allowance) if is_gzip(blob.data) else blob
    if isinstance(data, Problem):
        return None, [data]
    encoding = next((name for mark, name in _MARKS.items() if data.data.startswith(mark)), "utf-8")
    if encoding.startswith("utf-8") and b"\0" in data.data[:4096]:
        return None, [Problem(blob.path, "not a text: it holds NUL bytes")]
    text = data.data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if len(text) <= MOST_CHARACTERS:
        return LogText(blob.path, text, passing, kind), []
    told = f"{len(text)} characters; the last {MOST_CHARACTERS} were read"
    kept = text[-MOST_CHARACTERS:].partition("\n")[2]
    return LogText(blob.path, kept, passing, kind), [Problem(blob.path, told)]
