"""How much one command may still read, of the limits in `[limits]`.

In: limits, and every piece that is read. Out: `Refused` for a piece beyond them, with the key to raise. What was refused
counts for nothing, so that one bomb costs the other reports nothing; only the work of unpacking it counts.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from triagebot.config import Limits

_VALUE = 64
"""Bytes of memory for a value of JSON, an element or attribute of XML, or a line, beside its text."""
_MARKS = {b"{": b",[{", b"[": b",[{", b"<": b"<="}
"""The signs that count values, by the first sign of a text; any other text is counted by its lines."""
_BLANK = b"\xef\xbb\xbf \t\r\n"


class Refused(Exception):  # noqa: N818 it is the answer to an input, not an error of ours
    """The input breaks a limit; the text says which."""


@dataclass(slots=True)
class Allowance:
    """What one command has taken so far: `files` looked at, bytes `read` and kept, bytes of memory that packed reports
    cost `beyond` their own share, bytes unpacked at all (`work`), and `cases`, `failures` and `seconds` of the reports made of them.
    """

    limits: Limits = field(default_factory=Limits)
    files: int = 0
    read: int = 0
    beyond: int = 0
    work: int = 0
    cases: int = 0
    failures: int = 0
    seconds: float = 0.0

    def another_file(self) -> bool:
        """Whether one more file may be looked at; counts it."""
        self.files += 1
        return self.files <= self.limits.files

    def take(self, pieces: Iterable[bytes]) -> bytes:
        """All of a plain input. Raises Refused when it is too much beside what was read before."""
        kept = io.BytesIO()  # its value is handed over without a second copy
        for piece in pieces:
            kept.write(piece)
            self._check(kept.tell())
        self.read += kept.tell()
        return kept.getvalue()

    def unpack(self, pieces: Iterable[bytes], packed: int, size: int = 0) -> bytes:
        """All of an input whose packed form has `packed` bytes, and which says that it has `size`.

        Raises Refused when it would cost too much memory.
        """
        kept = io.BytesIO()
        marks, values, width = b"", 0, 1
        over = self._over(packed, size)
        for piece in pieces:
            marks = marks or _MARKS.get(piece.lstrip(_BLANK)[:1], b"\n")
            kept.write(piece)
            self.work += len(piece)
            self._check(kept.tell())
            width = max(width, _width(piece))
            values += sum(piece.count(mark) for mark in marks)
            over = self._over(packed, kept.tell(), width, values)
        self.beyond += over
        self.read += kept.tell()
        return kept.getvalue()

    def _over(self, packed: int, size: int, width: int = 1, values: int = 0) -> int:
        """Bytes of memory that an unpacked text costs beyond its share. Raises Refused when they are too many."""
        # The text and the values made of it are there at the same time.
        over = max(0, 2 * width * size + _VALUE * values - packed * self.limits.ratio)
        if self.beyond + over > self.limits.unpacked_mb << 20 or self.work > self.limits.read_mb << 20:
            raise Refused(
                f"{packed} bytes that unpack to {size >> 20} MB and more: too much beside the other packed reports "
                "(limits.unpacked_mb)"
            )
        return over

    def _check(self, size: int) -> None:
        """Raises Refused when so many bytes more are too many."""
        if self.read + size > self.limits.read_mb << 20:
            raise Refused(f"beyond the {self.limits.read_mb} MB that one command reads (limits.read_mb)")


def _width(piece: bytes) -> int:
    """Bytes that Python takes for each character of a text with this piece in it."""
    if piece.isascii():
        return 1
    top = max(piece)
    return 4 if top >= 0xF0 else 2 if top >= 0xC4 else 1
