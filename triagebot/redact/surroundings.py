"""Secrets known by what stands around them: addresses with passwords, mail addresses, card numbers, private keys.

In: text. Out: spans. Windows around each hit are bounded.
"""

import re
from collections.abc import Iterator

from triagebot.redact.model import Span
from triagebot.redact.tokens import begins

_AT = re.compile(r"@")
"""The sign of mail addresses, and of users in addresses. Hit: `ada@shop.example`. Miss: `ada at shop.example`."""
_ENCODED_AT = re.compile(r"%(?=40)..")
"""The same sign in a URL. Hit: `ada%40shop.example`. Miss: `ada%41shop.example`."""
_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+'-"
_DOMAIN = re.compile(r"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,62})\.){1,8}(?P<top>[A-Za-z]{2,24})(?![0-9A-Za-z_])")
"""A domain name behind the sign. Hit: `shop.example`. Miss: `shop`."""
_FILE_SUFFIXES = frozenset((
    "css", "csv", "gif", "gz", "html", "jpeg", "jpg", "js", "json", "log", "mjs", "png", "py", "svg",
    "toml", "ts", "tsx", "txt", "webp", "whl", "xml", "yaml", "yml", "zip",
))  # fmt: skip
_PORT = re.compile(r"[0-9]{1,5}(?:[/?#\s]|\Z)")
"""A port, which stands where a password would. Hit: `5432/shop`. Miss: `x7Kq`."""
_NO_USERINFO = re.compile(r"[^\S ]|[\"'<>`]")
"""What cannot stand in the user's part of an address: the sign behind it belongs to something else.

Hit: `://a <b`
Miss: `://ada:x7Kq`
"""
_NO_BLANKS = re.compile(r"[ ][ ]|[@,;()]|\A[ ]|[ ]\Z|(?:[^ ]+[ ]){3}")
"""A password with blanks is a phrase of few words; more blanks, or signs of prose, are a sentence.

Hit: `db, mailed to ada`
Miss: `correct horse battery`
"""
_ACCESS = re.compile(r"(?=[a-z]*[0-9])(?=[0-9]*[a-zA-Z])[0-9A-Za-z_-]{20,256}(?::[0-9A-Za-z_-]{0,256})?\Z")
"""A token in place of user and password. Hit: `x7Kq9mPzx7Kq9mPzx7Kq9mPz:x-oauth`. Miss: `ada:x7Kq`."""
STANDS_FOR = re.compile(
    r"(?:\*{2,}|[xX]{3,}|\.{3,}|•{2,}|-+|_+|<[^>]{0,80}>|\$\{?[A-Za-z_][A-Za-z0-9_:.-]{0,80}\}?|\{+[^}]{0,80}\}+"
    r"|%\(?[A-Za-z_]{0,40}\)?s|\[[A-Za-z _-]{1,40}\])\Z"
)
"""A value that stands for another: `***`, `${TOKEN}`, `<password>`, `%s`.

Hit: `***`
Hit: `${DB_PASSWORD}`
Miss: `x7Kq-9mPz`
"""


def around_at(text: str) -> Iterator[Span]:
    """Passwords in addresses (`scheme://user:password@host`) and mail addresses."""
    for found in _AT.finditer(text):
        at = found.start()
        password = _userinfo(text, at)
        if password is not None:
            yield from password
        else:
            yield from _mail(text, at, at + 1)
    for found in _ENCODED_AT.finditer(text):
        yield from _mail(text, found.start(), found.end())


def _userinfo(text: str, at: int) -> tuple[Span, ...] | None:
    """The password before `@`, () where there is an address with no password to hide, None outside an address."""
    low = max(at - 300, 0)
    scheme = text.rfind("://", low, at)
    if scheme < 0 or _NO_USERINFO.search(text, scheme, at):
        return None
    colon = text.find(":", scheme + 3, at)
    slash = text.find("/", scheme + 3, at)
    if slash < 0 and _ACCESS.match(text, scheme + 3, at):
        return (Span(scheme + 3, at, "url-password"),)
    if colon < 0:
        return () if slash < 0 and " " not in text[scheme:at] else None
    if slash >= 0 and (slash < colon or text.startswith(("http", "ws"), _scheme_start(text, scheme))):
        return None
    value = text[colon + 1 : at]
    if (_PORT.match(value) and ("/" in value or " " in value)) or (" " in value and _NO_BLANKS.search(value)):
        return None
    return () if not value or STANDS_FOR.match(value) else (Span(colon + 1, at, "url-password"),)


def _scheme_start(text: str, end: int) -> int:
    """Where the letters before `://` begin."""
    start = end
    while start > max(end - 20, 0) and text[start - 1].isalpha():
        start -= 1
    return start


def _mail(text: str, at: int, after: int) -> Iterator[Span]:
    """The mail address around `@`, unless it is a clone address, a file name such as `icon@2x.png`, or a user of a URL."""
    domain = _DOMAIN.match(text, after)
    if not domain or domain["top"].lower() in _FILE_SUFFIXES:
        return
    window = text[max(at - 64, 0) : at]
    local = window[len(window.rstrip(_LOCAL)) :].lstrip("._%+'-")
    start = at - len(local)
    if local not in ("", "git") and not text.endswith("//", 0, start):
        yield Span(start, domain.end(), "email")


# The ranges and groups of the large networks (ISO/IEC 7812), by their leading digit.
_BY_FOURS = r"(?P<d>[ -]?)[0-9]{4}(?P=d)[0-9]{4}(?P=d)[0-9]{4}"
_AMEX = r"[47][0-9]{2}(?P<e>[ -]?)[0-9]{6}(?P=e)[0-9]{5}"
_DINERS = r"(?:0[0-5]|[68][0-9])[0-9](?P<f>[ -]?)[0-9]{6}(?P=f)[0-9]{4}"
_CARDS = tuple(
    re.compile(rf"{first}(?<![0-9.]{first})(?:{rest})(?![0-9A-Za-z_]|[.-][0-9])")
    for first, rest in (
        ("2", rf"[2-7][0-9]{{2}}{_BY_FOURS}"),
        ("3", rf"5[0-9]{{2}}{_BY_FOURS}|{_AMEX}|{_DINERS}"),
        ("4", rf"[0-9]{{3}}{_BY_FOURS}"),
        ("5", rf"[1-5][0-9]{{2}}{_BY_FOURS}"),
        ("6", rf"(?:011|5[0-9]{{2}}|4[4-9][0-9]){_BY_FOURS}"),
    )
)
"""Hit: `2223003122003222`
Hit: `378282246310005`
Hit: `4242 4242 4242 4242`
Hit: `5555-5555-5555-4444`
Hit: `6011111111111117`
Miss: `1234567812345678`
Miss: `order 42424242424242421`
"""


def cards(text: str) -> Iterator[Span]:
    """Card numbers of the large networks whose check digit is right."""
    for pattern in _CARDS:
        for found in pattern.finditer(text):
            if begins(text, found.start()) and _luhn(found[0]):
                yield Span(found.start(), found.end(), "credit-card")


def _luhn(number: str) -> bool:
    """Whether the digits pass the check of ISO/IEC 7812-1, annex B."""
    digits = [int(char) for char in reversed(number) if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


_KEY = re.compile(r"P(?=RIVATE)[A-Z]{6} KEY(?: BLOCK)?-----")
"""The middle of a private key's first or last line.

Hit: `-----BEGIN RSA PRIVATE KEY-----`
Miss: `-----BEGIN PUBLIC KEY-----`
"""
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}\Z")
"""What stands before it in the first line. Hit: `-----BEGIN RSA `. Miss: `-----END RSA `."""
_END = re.compile(r"-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
"""The last line of a private key. Hit: `-----END RSA PRIVATE KEY-----`. Miss: `-----END CERTIFICATE-----`."""
_END_LEAD = re.compile(r"-----END (?:[A-Z0-9]{1,20} ){0,4}\Z")
"""What stands before it in the last line. Hit: `-----END RSA `. Miss: `-----BEGIN RSA `."""
# Lines of a key as logs and JSON carry them: quoted, numbered by a prefix, with real or escaped line ends.
_BODY = re.compile(
    r"(?:(?>(?:\\+[rn]|[\s\"'>|+,E]){0,24})"
    r"(?:(?:Proc-Type|DEK-Info|Version|Comment): [^\r\n\\]{0,80}|[0-9A-Za-z+/=]{12,4096})){1,400}"
)
"""Hit: `\nMIIEpAIBAAKCAQEA7bq9\n`. Miss: `: gone`."""
_TAIL = re.compile(r"(?:[0-9A-Za-z+/=]{4,4096}(?>(?:\\+[rn]|[\s\"'>|+,E]){1,24})){1,400}\Z")
"""Lines of a key whose first line was cut off. Hit: `MIIEpAIBAAKCAQEA7bq9\n`. Miss: `it is gone: \n`."""
_BLOCK = 16_384


def private_keys(text: str) -> Iterator[Span]:
    """Blocks of private keys, whole or cut off at either end."""
    for found in _KEY.finditer(text):
        if begin := _BEGIN.search(text, max(found.start() - 100, 0), found.start()):
            yield Span(begin.start(), _key_end(text, found.end()), "private-key")
        elif lead := _END_LEAD.search(text, max(found.start() - 100, 0), found.start()):
            yield from _headless(text, lead.start())


def _key_end(text: str, start: int) -> int:
    """Where the block whose first line ends at `start` stops: after its last line, or where it was cut off."""
    end = _END.search(text, start, start + _BLOCK)
    if end and "-----BEGIN" not in text[start : end.start()]:
        return end.end()
    body = _BODY.match(text, start, start + _BLOCK)
    return body.end() if body else start


def _headless(text: str, end: int) -> Iterator[Span]:
    """The lines before a last line whose first line was cut off."""
    low = max(end - _BLOCK, 0)
    lines = text[low:end]
    begun = lines.rfind("-----")
    if body := _TAIL.search(lines, begun + 5 if begun >= 0 else 0):
        yield Span(low + body.start(), end, "private-key")
