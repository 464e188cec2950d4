"""A file or folder that was not there, not allowed, or had no room. Gated by errno or by the class that stands for it."""

import re

from triagebot.signatures.mask import masked_path
from triagebot.signatures.subject import Finding, Subject, finding

_ERRNO = re.compile(r"\[(Errno|WinError) (\d{1,5})\] ([^\n:]{0,200})(?:: (?:b?['\"])?([^'\"\n]{1,400}))?")
"""An error of the operating system, as Python shows it.

Hit: `[Errno 2] No such file or directory: '/srv/a'`
Miss: `Errno 2`
"""
_ERRNOS = {
    "1": "EPERM", "2": "ENOENT", "5": "EIO", "13": "EACCES", "16": "EBUSY", "17": "EEXIST", "18": "EXDEV", "20": "ENOTDIR",
    "21": "EISDIR", "23": "ENFILE", "24": "EMFILE", "26": "ETXTBSY", "27": "EFBIG", "28": "ENOSPC", "30": "EROFS", "36": "ENAMETOOLONG",
    "39": "ENOTEMPTY", "40": "ELOOP", "98": "EADDRINUSE", "48": "EADDRINUSE", "99": "EADDRNOTAVAIL", "122": "EDQUOT",
}  # fmt: skip
_WIN = {
    "2": "ENOENT",
    "3": "ENOENT",
    "5": "EACCES",
    "32": "EBUSY",
    "183": "EEXIST",
    "112": "ENOSPC",
    "10048": "EADDRINUSE",
}
_WORDS = {
    "ENOENT": "No such file: {file}", "EACCES": "Permission denied: {file}", "EPERM": "Operation not permitted: {file}",
    "EEXIST": "File exists: {file}", "ENOSPC": "No space left on the device", "EMFILE": "Too many open files",
    "EROFS": "Read-only file system: {file}", "ENOTDIR": "Not a directory: {file}", "EISDIR": "Is a directory: {file}",
    "EADDRINUSE": "Address already in use{file}", "EADDRNOTAVAIL": "Address not available", "EBUSY": "File in use by another process: {file}",
}  # fmt: skip
_NODE = re.compile(
    r"\b(ENOENT|EACCES|EPERM|EEXIST|ENOSPC|EMFILE|EROFS|ENOTDIR|EISDIR|EADDRINUSE|EBUSY): ([^\n,']{1,80})"
    r"(?:, \w{1,20})?(?: '([^'\n]{1,400})'| (?:[\w.:]{0,60}):(\d{2,5}))?"
)
"""The same, as Node shows it.

Hit: `ENOENT: no such file or directory, open '/srv/a'`
Hit: `EADDRINUSE: address already in use :::8080`
Miss: `ENOENT`
"""
_PORT = re.compile(r"\('[^'\n]{0,60}', (\d{1,5})\)|port (\d{1,5})", re.IGNORECASE)
"""The port that was taken.

Hit: `error while attempting to bind on address ('0.0.0.0', 8080)`
Hit: `port 8080 is in use`
Miss: `8080`
"""


def filesystem(subject: Subject) -> Finding | None:
    """`filesystem` with the errno's name and the basename of the file; a port instead for an address in use."""
    if "[Errno " in subject.text or "[WinError " in subject.text:
        found = _ERRNO.search(subject.text)
        name = (_ERRNOS if found[1] == "Errno" else _WIN).get(found[2], "") if found else ""
        if found and name:
            return _failed(name, found[4] or "", found[0], subject.text)
    if found := _NODE.search(subject.text) if "E" in subject.text[:200] and ": " in subject.text else None:
        return _failed(found[1], found[3] or "", found[0], subject.text)
    if subject.foreign and "address already in use" in subject.lowered:
        return _failed("EADDRINUSE", "", "address already in use", subject.text)
    return None


def _failed(name: str, path: str, span: str, text: str) -> Finding:
    file = masked_path(path) if path else ""
    if name == "EADDRINUSE":
        port = _PORT.search(text)
        number = (port[1] or port[2]) if port else ""
        return finding(
            "filesystem",
            f"Address already in use{f': port {number}' if number else ''}",
            span,
            errno=name,
            port=number,
        )
    if name in {"ENOSPC", "EMFILE", "ENFILE", "EDQUOT"}:
        file = ""
    title = _WORDS.get(name, name + ": {file}").format(file=file).rstrip(": ")
    return finding("filesystem", title, span, errno=name, file=file)
