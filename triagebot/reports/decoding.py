"""Bytes to text, whatever wrote them, remembering where in the bytes each character stood.

In: raw bytes. Out: `File`, whose text can always be encoded as UTF-8. Bytes that fit no encoding become U+FFFD and a
problem; nothing is raised.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass

from triagebot.config import Limits
from triagebot.reports.model import Problem, Report

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
"""The encoding that XML declares.

Hit: `<?xml version="1.0" encoding="iso-8859-1"?>`
Miss: `<?xml version="1.0"?>`
"""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a character, which no encoding can hold. Hit: `\ud83d`. Miss: `é`."""
_HEAD = 4096
_SCRIPT = re.compile(
    r"\A\ufeff?(?:[ \t]{0,20}\r?\n|(?:> |\$ |yarn run v|npm |pnpm )[^\n]{0,500}\n){1,12}(?=[{\[])"
)
"""What npm, pnpm and yarn print of a script before its output. Hit: `\n> app@1.0.0 test\n> mocha\n\n{`. Miss: `> said\ntext`."""
_PLAIN = bytes(range(32, 92)) + bytes(range(93, 127)) + rb"\u0041\x41 +AEE-~{"
"""Text that reads as itself in every encoding of reports, and as something else in escapes and transfer encodings."""
_EVERYDAY = Limits()


@dataclass(frozen=True, slots=True)
class File:
    """One file as text, and how much of it may be read. `start` is the length of its byte order mark; `encoding` a codec
    without one.
    """

    path: str
    sha256: str
    text: str
    encoding: str = "utf-8"
    start: int = 0
    problems: tuple[Problem, ...] = ()
    limits: Limits = _EVERYDAY

    def byte_at(self, index: int) -> int:
        """The offset in the raw file at which the character `index` of the text began."""
        return self.start + len(self.text[:index].encode(self.encoding, "replace"))

    def problem(self, reason: str) -> Problem:
        """A problem of this file."""
        return Problem(self.path, reason)

    def unreadable(self, format: str, reason: str | Problem) -> Report:
        """The report of a file from which nothing can be learnt."""
        problem = self.problem(reason) if isinstance(reason, str) else reason
        problems = (*self.problems, problem)
        return Report(self.path, self.sha256, format, complete=False, problems=problems, readable=False)


def without_script(text: str) -> str:
    """A text in which blanks stand for what a package manager printed before its JSON, so that every place stays where it was."""
    found = _SCRIPT.match(text)
    return (
        re.sub(r"[^\n]", " ", found[0]) + text[found.end() :]
        if found and found[0].strip("\ufeff \t\r\n")
        else text
    )


def read_text(path: str, data: bytes, limits: Limits = _EVERYDAY) -> File:
    """The file as text. Encoding by byte order mark, else by where its NULs stand, else as XML declares, else UTF-8."""
    encoding, start = _encoding(data)
    sha256 = hashlib.sha256(data).hexdigest()
    body = data[start:] if start else data
    try:
        text, reason = _decoded(body, encoding, start)
    except Exception as error:  # noqa: BLE001 - decoders have bugs of their own, and memory may end
        text, reason = "", f"cannot be decoded as {encoding}: {type(error).__name__}"
    problems = (Problem(path, reason),) if reason else ()
    return File(path, sha256, text, encoding, start, problems, limits)


def _decoded(body: bytes, encoding: str, start: int) -> tuple[str, str]:
    """The text, and what is wrong with it ("" for nothing)."""
    try:
        return body.decode(encoding), ""
    except UnicodeDecodeError as error:
        reason = f"not {encoding.upper()} at byte {start + error.start}; such bytes are shown as �"
        return body.decode(encoding, "replace"), reason


def _encoding(data: bytes) -> tuple[str, int]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, len(bom)
    return _by_nuls(data[:_HEAD]) or _declared(data[:_HEAD]) or "utf-8", 0


def _by_nuls(head: bytes) -> str | None:
    """UTF-16 without a mark: Latin text has a NUL in every second byte, and hardly one in the others."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _declared(head: bytes) -> str | None:
    found = _DECLARED.match(head)
    if not found:
        return None
    name = found[1].decode("ascii")
    try:
        # A declaration that was read as ASCII is in an encoding that reads ASCII as itself: no UTF-16, no EBCDIC, and none
        # of Python's codecs for escapes, domain names and bytes (punycode, undefined, hex), which fail in ways of their own.
        read = {_PLAIN.decode(name), _PLAIN.decode(name, "replace")}
        return codecs.lookup(name).name if read == {_PLAIN.decode("ascii")} else None
    except (LookupError, ValueError, TypeError):
        return None


def encodable(text: str) -> str:
    """The text with lone surrogates, which JSON can spell and no encoding can hold, replaced by U+FFFD."""
    return text if text.isascii() or not _SURROGATE.search(text) else _SURROGATE.sub("�", text)
