"""Tokens of vendors, found by an engine whose rules others keep up to date (Kingfisher, with the rules of Betterleaks).

In: text with one byte a character. Out: spans. The engine is loaded when the first text comes that could hold a token:
that costs 0.3 s, and some seconds where its compiled rules are not in the user's cache yet. It has no wheels for musl;
where it is not installed, the rules of this package are all there is.

The engine is handed text in blocks, so that a rule that costs the square of a hostile text costs little.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from triagebot.redact.model import Span

# A look at what kinds of characters stand in a text spares most runs the engine's start. A token has twenty letters and
# digits on end, or joined by `_` and `-` with a digit beside a capital; names of tests and of errors have not.
_LONG = b"a" * 20


def _kind_of_character(byte: int) -> int:
    """`0` for a digit, `A` and `a` for letters, `_` for what joins them, a blank for the rest."""
    char = chr(byte)
    if not char.isascii() or not (char.isalnum() or char in "_-"):
        return ord(" ")
    return ord("0" if char.isdigit() else "A" if char.isupper() else "a" if char.isalpha() else "_")


_KINDS = bytes(map(_kind_of_character, range(256)))
_WORDS, _JOINED = bytes.maketrans(b"0A_", b"aa "), bytes.maketrans(b"0A_", b"aaa")
_BLOCK = 16_384
_OVERLAP = 1_024
# Names, addresses and halves that are public; and what this package finds itself, at any length and cut off at any end.
_NO_SECRET = re.compile(
    r"(?:-id|-name|-host|-url|-address|-domain|-username|-public-key|-pub-key|-repository)\Z"
    r"|client-id|public-api|pub-api|generic-credential-uri|private-key\Z|curl-auth|\Ajwt|kubernetes-secret|webhook"
)
"""Hit: `azure-client-id`. Miss: `azure-client-secret`."""


def vendor_tokens(text: str) -> Iterator[Span]:
    """The spans of tokens that the engine knows."""
    raw = text.encode("ascii", "replace")
    started = _scanner.cache_info().currsize > 0
    if not started and not _is_like_a_token(raw):
        return
    scan = _scanner()
    if not scan:
        return
    bare = _unescaped(raw)
    for start, end in _blocks(raw):
        yield from _found(scan, bare[start:end], start)


def _found(scan: Callable[[bytes], list[Any]], block: bytes, at: int) -> Iterator[Span]:
    """What the engine finds in a block, as it is and without the signs that its rules do not expect after a token."""
    again = len(block) + 1
    for finding in scan(block + b"\n" + _STOP.sub(b" ", block.translate(_SIGNS))):
        start, end = finding.location["start_offset"], finding.location["end_offset"]
        if (end < again or start >= again) and _is_secret(
            finding, block[start % again : (end - 1) % again + 1]
        ):
            # A secret in base64 is told by what it says, so that it has one number in all its forms.
            told = finding.secret if finding.is_base64_encoded else None
            yield Span(at + start % again, at + (end - 1) % again + 1, _kind(finding.rule_id), told)


# The rules expect white space or a quote after a token; in reports stand brackets, commas, escapes and the ends of
# sentences there. All of these make room for as many blanks, so that places stay.
_ESCAPE = re.compile(rb"\\(?:[nrtfv]|u00[0-9A-Fa-f]{2}|x[0-9A-Fa-f]{2})|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]{0,12}m")
r"""An escape of a string, a URL or a terminal. Hit: `\n`. Hit: `%3D`. Miss: `\`."""
_SIGNS = bytes.maketrans(b",()[]{}<>&!?|*/:@", b" " * 17)
_STOP = re.compile(rb"[.](?![0-9A-Za-z_-])")
"""A full stop that ends a sentence; within a token it joins its parts. Hit: `x7Kq.`. Miss: `x7Kq.9mPz`."""


def _unescaped(raw: bytes) -> bytes:
    """The text with escapes of strings, URLs and terminals as what they stand for, in the same room."""
    if b"\\" in raw or b"%" in raw or b"\x1b" in raw:
        return _ESCAPE.sub(_in_its_room, raw)
    return raw


def _in_its_room(found: re.Match[bytes]) -> bytes:
    """A sign and blanks for an escaped sign, blanks for white space; an escaped letter stays."""
    digits = found[0][-2:]
    code = int(digits, 16) if found[0][:1] != b"\x1b" and len(found[0]) > 2 else 32
    if chr(code).isalnum():
        return found[0]
    return bytes([code if 32 < code < 127 else 32]).ljust(len(found[0]))


def _is_like_a_token(raw: bytes) -> bool:
    """Whether the text, or the token, is long and mixed enough; whoever holds one that is, is so, too."""
    kinds = raw.translate(_KINDS)
    if any(b"0" in run for run in _long_runs(kinds, kinds.translate(_WORDS))):
        return True
    if b"0A" not in kinds and b"A0" not in kinds:
        return False
    return any(b"0A" in run or b"A0" in run for run in _long_runs(kinds, kinds.translate(_JOINED)))


def _long_runs(kinds: bytes, flat: bytes) -> Iterator[bytes]:
    """The stretches of `kinds` at which `flat` has `a` at least 20 times; hops from one to the next at the speed of memory."""
    start = flat.find(_LONG)
    while start >= 0:
        end = flat.find(b" ", start)
        end = end if end >= 0 else len(flat)
        yield kinds[start:end]
        start = flat.find(_LONG, end)


@cache
def _scanner() -> Callable[[bytes], list[Any]] | None:
    """The engine, None where it is not installed. Nothing is validated: it never asks a network."""
    try:
        from kingfisher_sdk import Rules, Scanner  # noqa: PLC0415  loaded when there is something to look at
    except ImportError:
        return None
    scan: Callable[[bytes], list[Any]] = Scanner(Rules(confidence="low")).scan
    return scan


def _blocks(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where to cut: after a line where there is one, within a longer line with some overlap."""
    start = 0
    while len(raw) - start > _BLOCK:
        line = raw.rfind(b"\n", start + _OVERLAP, start + _BLOCK)
        end = line + 1 if line >= 0 else start + _BLOCK
        yield start, end
        start = end if line >= 0 else end - _OVERLAP
    yield start, len(raw)


def _is_secret(finding: Any, stands: bytes) -> bool:
    """Whether a finding is no public half, and long and mixed enough for a vendor's token as it stands in the text."""
    return finding.visible and not _NO_SECRET.search(_kind(finding.rule_id)) and _is_like_a_token(stands)


def _kind(rule: str) -> str:
    """The name of a rule without the name of its catalogue and the number of its variant."""
    return re.sub(r"\.[0-9]+\Z", "", rule).rpartition(".")[2].rpartition("/")[2]
