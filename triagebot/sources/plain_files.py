"""Files that are files: what else a path may lead to (a pipe, a device, a socket) would hang, or never end.

In: a path. Out: an open file. It reads nothing.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

_LARGEST = 64 << 20
"""A plan of a thousand issues has 20 MB."""
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
}


def opened(path: Path) -> BinaryIO:
    """A file, open for reading. Raises OSError for whatever cannot be opened, and for what is no file."""
    _check(path.stat().st_mode)  # opening a device may do something
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it; Path.open has no opener
    try:
        _check(os.fstat(file.fileno()).st_mode)
    except OSError:
        file.close()
        raise
    return file


def whole(path: Path) -> bytes:
    """The bytes of a file that a person wrote or looked through. Raises OSError as `opened` does, and for one of megabytes."""
    with opened(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(0, f"larger than {_LARGEST >> 20} MB")
    return data


def _without_waiting(path: str, flags: int) -> int:
    """Opens without waiting for the other end of a pipe that took the file's place just now."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check(mode: int) -> None:
    """Raises OSError unless a mode is that of a file."""
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise OSError(0, f"{kind}, and no file; hand its content in on standard input")
