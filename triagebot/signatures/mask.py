"""One line with everything that changes from run to run replaced by what it is: `<uuid>`, `<time>`, `<int>`.

In: one cleaned line. Out: the masked line and, for those who ask, what was replaced. One pass over the line with one
table; a more specific mask stands before a less specific one. Integers that are codes (HTTP status, close code, exit
status, signal, SQLSTATE, error codes of vendors) are protected. Equal values inside one line share an index, so that
`5 == 5` and `5 == 6` stay different sentences (of plain numbers only where the line compares).
"""

import re
from functools import lru_cache
from typing import Final

from triagebot.redact import PLACEHOLDER

Masked = tuple[str, str]
"""(name of the mask, text that it replaced)"""

MASKED_CHARS = 1_000
"""Characters of a line that take part in a signature; a line that differs only behind them is the same line."""

_HEX = "[0-9a-fA-F]"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|GMT|AM|PM|[+-]\d{2}:?\d{2}))?"
_UNIT = r"(?:ms|µs|us|ns|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|milliseconds?|microseconds?|days?)"
_SIZE = r"(?:[kKMGT]i?)?(?:B|b|bytes?|chars|characters)"
_CODE_WORDS = (
    r"status|code|HTTP|http|errno|Errno|signal|exit|exited|close[ds]?|SQLSTATE|error|Error|rc|WinError|port"
)
_ANSWER_WORDS = r"received|sent|returned|returns|replied|got|answered|responded"
"""Words before a code of three or four digits; a shorter number behind them counts things."""

TABLE: Final[tuple[tuple[str, str], ...]] = (
    ("url", r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}+://[^\s'\"<>)\]}]{1,500}"),  # Hit: `wss://api.example/ws?x=1`. Miss: `api.example`.
    ("email", r"[\w.+-]{1,64}+@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),  # Hit: `ada@shop.example`. Miss: `@pytest.fixture`.
    ("jwt", r"eyJ[\w-]{6,1000}(?:\.[\w-]{0,1000}){1,2}"),  # Hit: `eyJhbGciOiJub25lIn0.e30.`. Miss: `eyJabc`.
    ("trace", r"(?:00-)?" + _HEX + "{32}(?:-" + _HEX + r"{16}(?:-0[01])?)?\b"),  # Hit: `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. Miss: `4bf92f35`.
    ("uuid", _HEX + "{8}-" + _HEX + "{4}-" + _HEX + "{4}-" + _HEX + "{4}-" + _HEX + r"{12}\b"),  # Hit: `3f2b8c1e-9d4a-4e6f-8b7a-1c2d3e4f5a6b`. Miss: `3f2b8c1e-9d4a`.
    ("time", r"\d{4}[-/]\d{2}[-/]\d{2}(?:[T _]" + _CLOCK + r")?(?![\d-])"),  # Hit: `2026-01-31T09:30:00Z`. Miss: `2026-01`.
    ("time", _DAY + r",? \d{1,2} " + _MONTH + r" \d{4}(?: " + _CLOCK + ")?"),  # Hit: `Sat, 31 Jan 2026 09:30:00 GMT`. Miss: `31 Jan 2026`.
    ("time", "(?:" + _DAY + " )?" + _MONTH + r" {1,2}\d{1,2},? (?:\d{4} )?" + _CLOCK + r"(?: \d{4})?"),  # Hit: `Jan 31 09:30:00`. Miss: `Jan 31`.
    ("time", r"\d{1,2}[./]\d{1,2}[./]\d{4}(?: " + _CLOCK + ")?"),  # Hit: `31.1.2026 09:30:00`. Miss: `31.1.26`.
    ("time", r"\d{8}T\d{6}Z?\b"),  # Hit: `20260131T093000Z`. Miss: `20260131T09`.
    ("time", _CLOCK + r"(?![\d:])"),  # Hit: `09:30:00.125`. Miss: `09:30`.
    ("address", "0[xX]" + _HEX + r"{1,32}\b"),  # Hit: `0x7f3a9c0d1e20`. Miss: `0xyz`.
    ("ip", r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:/\d{1,2})?(?![\d.]\d)"),  # Hit: `10.0.0.7:5432`. Miss: `10.0.7`.
    ("ip", r"\[?(?:" + _HEX + "{1,4}:){2,7}(?::?" + _HEX + r"{1,4}){1,7}\]?(?::\d{1,5})?(?![\w:])"),  # Hit: `[2001:db8::7]:443`. Miss: `db:7`.
    ("port", r"localhost:\d{1,5}\b"),  # Hit: `localhost:8080`. Miss: `localhost`.
    ("port", r"(?<=port[= ])[3-6]\d{4}\b"),  # Hit: `port=30080`. Miss: `port=8080`.
    ("path", r"[A-Za-z]:[\\/]{1,2}[^\s'\"<>|:*?()\[\],]{0,400}"),  # Hit: `C:\work\shop\test_a.py`. Miss: `C: 5`.
    ("path", r"(?:~|\.{1,2})?/[\w.@%+=~-]{1,200}(?:/[\w.@%+=~:-]{0,200}){0,40}"),  # Hit: `/srv/shop/test_a.py`. Miss: `and/or`.
    ("path", r"[\w.@-]{1,100}+(?:[\\/][\w.@%+=-]{1,120}){2,30}"),  # Hit: `tests/e2e/test_a.py`. Miss: `tests/e2e`.
    ("epoch", r"1[4-9]\d{8}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?\b"),  # Hit: `1769851800.25`. Miss: `1269851800`.
    ("hash", r"(?=[0-9a-f]{0,39}\d)(?=\d{0,39}[a-f])[0-9a-f]{7,128}\b"),  # Hit: `9fceb02`. Miss: `defaced`.
    ("duration", r"\d{1,12}(?:\.\d{1,12})? ?" + _UNIT + r"\b"),  # Hit: `1.5 s`. Miss: `1.5 sheep`.
    ("size", r"\d{1,15}(?:\.\d{1,6})? ?" + _SIZE + r"\b"),  # Hit: `512 KiB`. Miss: `512 kings`.
    ("float", r"\d{1,20}(?:\.\d{1,20}(?:[eE][+-]?\d{1,4})?|[eE][+-]?\d{1,4})(?![\d.])"),  # Hit: `0.125`. Miss: `1e`.
    ("percent", r"\d{1,4}%"),  # Hit: `97%`. Miss: `97 %`.
    ("base64", r"(?=[A-Za-z+/_-]{0,200}+\d)(?=[a-z0-9+/_-]{0,200}+[A-Z])[A-Za-z0-9+/_-]{24,1000}={0,2}"),  # Hit: `c2VjcmV0IG9mIDEyMyBzaGVlcA==`. Miss: `c2VjcmV0`.
    ("id", r"(?<=[a-z]_)(?=[A-Za-z]{0,64}+\d)(?=[A-Z0-9]{0,64}+[a-z])(?=[a-z0-9]{0,64}+[A-Z])[A-Za-z0-9]{8,64}\b"),  # Hit: `ord_1NirD82eZvKYlo`. Miss: `ord_first`.
    ("int", r"\d{1,40}"),  # Hit: `42`. Miss: `forty`.
    ("glued", r"[a-z]{1,40}\d{4,40}\b"),  # Hit: `order1234`. Miss: `order12`.
)  # fmt: skip
# A run that ends in `+` after its bounds is possessive: what follows cannot begin inside it, so nothing is given back.
# Nearly every mask needs a digit, a slash or an @ in its word: asking that first spares plain words the whole table.
_STARTS = (
    r"(?<![A-Za-z0-9>])(?=[0-9A-Za-z/~.\[])"
    r"(?=[^\s0-9/\\@]{0,500}+[0-9/\\@]|" + _DAY + "|" + _MONTH + ")"
)
# One group for each row of the table, and no other: which one matched tells the row.
_EVERY = re.compile(_STARTS + "(?:" + "|".join(f"({pattern})" for _name, pattern in TABLE) + ")")
_PLAIN = re.compile(r"[0-9/\\@]|[A-Za-z0-9+_-]{24}|:[:0-9a-f]|(?<![a-z])[0-9a-f]{7}")
"""What a line must hold that any mask could change: a digit, a slash, an @ or a long word.

Hit: `got 5`
Hit: `::1`
Miss: `no such element`
"""
_POD = re.compile(
    r"(?<=[a-z0-9])-(?=[a-z0-9]{0,9}\d)[a-f0-9]{8,10}-[a-z0-9]{5}\b|(?<=[a-z0-9])-\d{5}-[a-z]{3}\b"
)
"""The two random words that end the name of a pod. Hit: `api-7d9f8b6c5d-x2x4z`. Miss: `read-only-mode`."""
_CODE_BEFORE = re.compile(r"(?:^|[^A-Za-z])(?:" + _CODE_WORDS + r")[^A-Za-z\n]{1,6}(?:[a-z]{2,8} )?$")
"""Words right before a number that is a code. Hit: `exit status `. Miss: `after `."""
_ANSWER_BEFORE = re.compile(r"(?:^|[^A-Za-z])(?:" + _ANSWER_WORDS + r")[^A-Za-z\n]{1,6}(?:[a-z]{2,8} )?$")
"""Words right before a code of three or four digits. Hit: `server replied `. Miss: `it counted `."""
_CAPITALS_BEFORE = re.compile(r"[A-Z]{2,12}-$")
"""The letters of a vendor's code: `ORA-`. Hit: `ORA-`. Miss: `order-`."""
_HASHED = 7
"""Digits from which on a number reads like a short hash, of which one in forty has no letter."""
_COUNTED = frozenset(("int", "float"))
"""What is equal by chance every so often: `retry 3 of 3` is `retry 2 of 3`, unless the line compares."""
HARMLESS: Final = frozenset(("int", "float", "duration", "size", "percent"))
"""Values that a title may show as they stood: they tell nobody's secrets and are short."""
_INDEXED = frozenset(("int", "float", "uuid", "hash", "ip", "time", "email", "url"))


def mask(line: str, log: list[Masked] | None = None) -> str:
    """The line with values replaced by names; `log` receives (mask, text) for each in order."""
    said, masked = _masked(line[:MASKED_CHARS])
    if log is not None:
        log.extend(masked)
    return said


@lru_cache(maxsize=512)
def _masked(line: str) -> tuple[str, tuple[Masked, ...]]:
    """The masked line and what was masked; failures of one cause say the same line over and over."""
    if not _PLAIN.search(line):
        return line, ()
    found: list[Masked] = []
    return _Pass(line, found).run(), tuple(found)


def masked_path(path: str) -> str:
    """What of a path is the same on every machine: its last component, itself masked."""
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return mask(name) if name else "/"


def _stand_in(found: re.Match[str]) -> str:
    """What a secret is masked like: an e-mail address as one, everything else as the random word that it mostly is."""
    number = found["number"]
    return f"redacted{number}@mail.example" if found["kind"] == "email" else f"Redacted0{number:0>16}"


class _Pass:
    """One line on its way: remembers which value got which index."""

    def __init__(self, line: str, log: list[Masked]) -> None:
        self.secrets = {_stand_in(found): found[0] for found in PLACEHOLDER.finditer(line)}
        line = PLACEHOLDER.sub(_stand_in, line) if self.secrets else line
        self.line = _POD.sub("-<pod>", line) if "-" in line else line
        self.log = log
        self.compares = " == " in line or " != " in line
        self.seen: dict[str, dict[str, int]] = {}

    def run(self) -> str:
        return self.shown(_EVERY.sub(self.replaced, self.line))

    def replaced(self, found: re.Match[str]) -> str:
        name, text = TABLE[(found.lastindex or 1) - 1][0], found[0]
        if name == "int" and _is_code(found):
            return text
        self.log.append((name, self.shown(text)))
        return self.placeholder("hash" if name == "int" and len(text) >= _HASHED else name, text)

    def shown(self, text: str) -> str:
        """A masked text as it stood in the line."""
        for stand_in, placeholder in self.secrets.items():
            text = text.replace(stand_in, placeholder)
        return text

    def placeholder(self, name: str, text: str) -> str:
        if name == "path":
            return f"<path>/{_basename(text)}"
        if name == "glued":
            return text.rstrip("0123456789") + "<int>"
        if name not in _INDEXED or (name in _COUNTED and not self.compares):
            return f"<{name}>"
        known = self.seen.setdefault(name, {})
        index = known.setdefault(text, len(known) + 1)
        return f"<{name}>" if index == 1 else f"<{name}{index}>"


def _is_code(found: re.Match[str]) -> bool:
    """Whether an integer is a protocol's or vendor's code by the words right before it."""
    text, line, start = found[0], found.string, found.start()
    if len(text) > 5:
        return False
    before = line[max(0, start - 24) : start]
    if before[-1:] == "-" and _CAPITALS_BEFORE.search(before):
        return True
    if len(text) == 3 and (
        before.endswith(("Error(", "Exception("))
        or (before[-1:] == "(" and line.startswith(", b'", found.end()))
    ):
        return True
    if len(text) in (3, 4) and _ANSWER_BEFORE.search(before):
        return True
    return bool(_CODE_BEFORE.search(before)) or (
        len(text) == 3 and line[found.end() :][:2].lstrip()[:1].isupper() and text[0] in "12345"
    )


def _basename(path: str) -> str:
    """The last component of a path with its numbers and hashes masked, for it is part of the sentence."""
    name = path.replace("\\", "/").rstrip("/.:").rpartition("/")[2]
    return re.sub(r"\d{1,40}", "<n>", name) if any(map(str.isdigit, name)) else name
