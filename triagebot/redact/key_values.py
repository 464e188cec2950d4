"""Secrets known by the name beside them: `password=…`, `"api_key": "…"`, headers, cookies, options of a command.

In: text, and the same text in lower case (position by position). Out: spans. A name alone is not enough: what reads as
a word, a placeholder, a call, a path or a number is no secret, so that prose and source lines stay readable.
"""

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from triagebot.redact.model import Span
from triagebot.redact.surroundings import STANDS_FOR
from triagebot.redact.tokens import whole

_SUFFIX = r"s?(?:_?(?:base|value|raw|plain|hash|old|new|b64|base64|prod|staging|test|dev|v?[0-9]{1,2}))?"
QUOTE = r"(?:[\"']|&(?:quot|apos|\#3[49]|\#x2[27]);|\\u002[27]|%2[27])"
"""A quote as it stands, in HTML, in JSON or in a URL; in lower case."""

_CLOSING = rf"(?:[\\\]]|{QUOTE}){{0,4}}"
_SIGN = r"(?:=>|:=|==|[=>]|:(?!:)|%3[ade]|&(?:equals|colon|gt|\#61|\#58|\#x3[ade]);)"
# Locals are padded; a value may stand on the next line (as a block of YAML or in brackets), which pytest begins with `E`
# and a diff with a sign.
_NEXT_LINE = r"(?:(?:[|>][+-]?|\()?[ \t]{0,3}\r?\n(?:e[ \t]{1,12})?(?:[+-](?=[ \t]))?[ \t]{0,40}(?=\S))?"
_SEPARATOR = rf"(?:{_CLOSING}[ \t]{{0,40}}{_SIGN}|[\"'][ \t]?,)[ \t]{{0,3}}"
_NAMES = tuple(
    re.compile(rf"{word}{_SUFFIX}{_SEPARATOR}{_NEXT_LINE}")
    for word in (
        r"k(?:ey|en)",
        r"w(?:d|ord|(?<=pw))",
        r"c(?=re)re(?:t|dential)",
        r"p(?=ass)ass(?:code|wort)?",
        r"p(?<=_p)at",
        r"d(?<=id)(?:(?<=s[.]sid)|(?<=sessid)|(?<=session[_-]id)|(?<=sessionid)|(?<=private_key_id))",
        r"h(?<=passph)rase",
    )
)
"""The last letters of a word that names a secret, and the sign behind it: `re` runs to a first letter fastest.

Hit: `api_key = x`
Hit: `db_pwd: x`
Hit: `client_secret=x`
Hit: `userpass=x`
Hit: `github_pat=x`
Hit: `session_id=x`
Hit: `passphrase=x`
Miss: `the key is gone`
Miss: `password reset`
"""
_LEAD = 48
_TUPLE = re.compile(r"\(b?[\"']\Z")
"""A name that is the first item of a tuple: `("x-api-key", "…")`. Hit: `headers=[("`. Miss: `headers=["`."""
_STEM = re.compile(r"[a-z0-9_]{1,24}")
"""The part of a found name before its sign. Hit: `password = `. Miss: `= `."""
_NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789_.-"
_WORD_END = re.compile(
    rf"(?P<word>key|token|pwd|passwd|password|passcode|passwort|secret|credential|passphrase|(?<![a-z])pw"
    rf"|(?<![a-z])(?:db|my|user|smtp|ssh)?pass"
    rf"|(?<=_)pat|connect\.sid|sessid|session[_-]?id|private_key_id){_SUFFIX}\Z"
)
"""The words that name a secret, at the end of a name. Hit: `db_password`. Miss: `password_reset`."""
_KEY_LEAD = re.compile(
    r"(?:api|access|private|secret|sign|signing|encryption|auth|account|master|service|subscription|shared|license"
    r"|app|application|consumer|storage|webhook|admin|deploy|crypto|hmac|jwt|session|fernet|aes|openai|anthropic"
    r"|functions?|rest|write|client)[_.-]?key"
)
"""What makes a key a secret; other keys sort, join and look up. Hit: `api_key`. Miss: `primary_key`."""
_PAGE_TOKEN = re.compile(
    r"(?:total|max|min|prompt|completion|input|output|used|cached|page|next|prev|continuation|sync|cursor"
    r"|postman|pad|eos|bos|unk|mask|stop|cancellation)[_.-]?token"
)
"""Tokens that count, or say where to read on. Hit: `next_page_token`. Miss: `access_token`."""

_BARE = r"[^\s\x00-\x1f\"'&,;<>(){}\[\]\\|`]"
# What may stand before a quote: a bracket, the letter of a bytes literal, or a class that wraps secrets.
_WRAPPER = r"(?:\(|[A-Za-z.]{0,20}(?:Secret|Token|Password|Sensitive|Credential)[A-Za-z]{0,20}\((?:[a-z_]{1,20}=)?)?[bruBRU]{0,2}(?=[\"'\\])"
VALUE = re.compile(
    rf"(?:{_WRAPPER})?(?:"
    r"&(?i:quot|\#34|\#x22);(?P<q>[^\r\n]{1,512}?)&(?i:quot|\#34|\#x22);"
    r"|&(?i:apos|\#39|\#x27);(?P<r>[^\r\n]{1,512}?)&(?i:apos|\#39|\#x27);"
    r"|\\u0022(?P<u>[^\r\n\\\"]{1,1024})|\\u0027(?P<v>[^\r\n\\']{1,1024})"
    r"|(?P<es>\\{1,8})\"(?P<a>[^\"\\\r\n]{1,1024}(?:(?!(?P=es)\")\\{1,16}[^\r\n\\][^\"\\\r\n]{0,128}){0,16})"
    r"|(?P<et>\\{1,8})'(?P<b>[^'\\\r\n]{1,1024}(?:(?!(?P=et)')\\{1,16}[^\r\n\\][^'\\\r\n]{0,128}){0,16})"
    r"|\{(?P<o>[^{}\s\"']{4,256})\}(?=[;\"'])"
    r"|\"(?P<c>[^\"\\\r\n]{0,1024}(?:\\.[^\"\\\r\n]{0,128}){0,16})"
    r"|'(?P<d>[^'\\\r\n]{0,1024}(?:\\.[^'\\\r\n]{0,128}){0,16})"
    rf"|(?P<bare>(?!\\)(?:{_BARE}{{1,1024}}(?:\\(?![nrt\"'\\]|u00){_BARE}{{1,128}}){{0,8}})))"
)
"""A value as it stands behind a name: in quotes of any kind, escaped, in braces, or bare.

Hit: `"x7Kq-9mPz"`
Hit: `&quot;x7Kq-9mPz&quot;`
Hit: `x7Kq-9mPz`
Miss: `, x7Kq`
"""
_PROSE = re.compile(r"[A-Za-z]{1,40}(?:[ ,.'’-]{1,3}[A-Za-z0-9]{1,40}){0,40}[.!?:]?\Z")
"""Words that speak about a secret. Hit: `no password given.`. Miss: `x7Kq-9mPz`."""
_IDENTIFIER = re.compile(r"[A-Za-z_]{1,80}(?:[._][A-Za-z_]{1,80}){1,12}\Z")
"""A value that is a name of code. Hit: `settings.db_password`. Miss: `x7Kq-9mPz`."""
_WORDS = frozenset((
    "any", "bytes", "changed", "empty", "expired", "false", "filtered", "hidden", "incorrect", "int",
    "invalid", "masked", "missing", "nil", "none", "null", "object", "omitted", "optional", "redacted",
    "removed", "required", "secret", "secretstr", "str", "string", "token", "true", "undefined", "unset",
    "wrong",
))  # fmt: skip
_PLACE = re.compile(r"(?:[A-Za-z]:\\|\.{0,2}/|~/|[a-z][a-z0-9+.-]{1,20}://)")
r"""A value that is a path or an address. Hit: `/run/secrets/db`. Hit: `C:\secrets`. Miss: `x7Kq/9mPz`."""
_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,80}(?:(?:\.|::|/)[A-Za-z_][A-Za-z0-9_-]{0,80}){1,12}\Z")
"""A value that is a name with parts. Hit: `app.auth::Token`. Miss: `x7Kq-9mPz`."""


def named(text: str, lower: str) -> Iterator[Span]:
    """Values beside the name of a secret."""
    for pattern in _NAMES if "passphrase" in lower else _NAMES[:-1]:
        reached = 0
        for found in pattern.finditer(lower):
            name = _name_before(lower, found) if found.start() >= reached else None
            value = VALUE.match(text, found.end()) if name else None
            span = _judged(text, name, found[0], value) if value and name else None
            if span and ("\n" not in found[0] or _LINE_ENDS.match(text, span.end)):
                yield span
                reached = span.end
                for piece in continued(text, span):
                    reached = piece.end
                    yield piece


_LINE_ENDS = re.compile(
    r"\\*[\"']|&[a-z0-9#]{2,5};|[ \t]{0,3}(?:\x1b\[[0-9;]{0,12}m)?[,;)\]}]{0,3}[ \t]{0,3}(?:\r?\n|\Z|<)"
)
"""The end of a line behind a value; what stood on a line of its own is the value of the name above.

Hit: `",`
Miss: ` or more`
"""
_NEXT_PIECE = re.compile(
    r"[\"'][ \t]{0,3}\r?\n(?:E[ \t]{1,12})?[+-]?[ \t]{0,120}[bruBRU]{0,2}[\"']([^\"'\r\n]{1,1024})(?=[\"'])"
)
"""The next line's piece of a literal that goes on. Hit: `"\n  "9mPz"`. Miss: `", "9mPz"`."""


def continued(text: str, span: Span) -> Iterator[Span]:
    """The pieces of a string literal that goes on in the next lines, as pprint and pytest's diffs wrap it."""
    end = span.end
    for _ in range(64):
        piece = _NEXT_PIECE.match(text, end)
        if not piece:
            return
        end = piece.end()
        yield Span(piece.start(1), end, span.kind)


def _name_before(lower: str, found: re.Match[str]) -> str | None:
    """The whole name whose last word was found, or None where that word names no secret."""
    stem = _STEM.match(found[0])
    end = found.start() + (stem.end() if stem else 0)
    window = lower[max(end - _LEAD, 0) : end]
    name = window[len(window.rstrip(_NAME_CHARS)) :]
    # A comma joins name and value in a header's tuple; in a list it joins neighbours.
    if "," in found[0] and not _TUPLE.search(lower, max(end - len(name) - 3, 0), end - len(name)):
        return None
    return name if names_a_secret(name) else None


@lru_cache(maxsize=1024)
def names_a_secret(name: str) -> bool:
    """Whether `name` (in lower case) names a secret: `db_password`, `x-api-key`, `accesstoken`; not `token_type`."""
    word = _WORD_END.search(name[-_LEAD:])
    if not word:
        return False
    if word["word"] == "key":
        return _KEY_LEAD.search(name) is not None
    return word["word"] != "token" or not _PAGE_TOKEN.search(name)


def _judged(text: str, name: str, lead: str, value: re.Match[str]) -> Span | None:
    """The value as a span, if it is a secret under this name."""
    group = value.lastgroup or "bare"
    quoted = group not in ("bare", "o")
    if not quoted and _SHORT_NAME.search(name) and not _is_typed_password(text, lead, value):
        return None
    called = not quoted and text[value.end() : value.end() + 1] in ("(", "[")
    kind = kind_of(name)
    assigned = quoted or "=" in lead or "%3d" in lead
    stripped = value[group].strip()
    stands_for = lead.endswith(">") and stripped.startswith("@")  # `<password>@host`
    if (
        called
        or stands_for
        or not (_is_under(name, stripped) and is_secret(kind, stripped, quoted=quoted, assigned=assigned))
    ):
        return None
    return Span(value.start(group), whole(text, value.end(group)), kind)


_CHOSEN = re.compile(r"passw|passcode|pwd|passphrase|(?:pass|pw)(?:_|\Z)")
"""Names of what people choose; what machines make is random. Hit: `db_password`. Miss: `api_key`."""
_SHORT_NAME = re.compile(r"(?:\A|_|-|\.)(?:[a-z]{0,5}pass|pw)\Z")
"""Short names, which name other things as well: `pass` is a result, too. Hit: `db_pass`. Miss: `password`."""
_SESSION = re.compile(r"sid\Z|sessid\Z|session[_-]?id\Z")
"""Names of sessions, some of which are only counted. Hit: `session_id`. Miss: `client_secret`."""
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
"""A UUID: it tells requests apart and opens nothing.

Hit: `3f2b8c1e-9d4a-4e6f-8b7a-1c2d3e4f5a6b`
Miss: `3f2b8c1e-9d4a`
"""
_TOKEN_ONLY = re.compile(r"[0-9A-Za-z_-]{20,1024}\Z")
"""A value that can be nothing but a token. Hit: `x7Kq9mPzx7Kq9mPzx7Kq9mPz`. Miss: `[a-z]+ or more of it`."""
_FIGURE = re.compile(r"[0-9.,]+ ?[a-zA-Z%]{0,3}\Z")
"""A measure: `pass: 97.5 %` counts tests. Hit: `97.5 %`. Miss: `97x7Kq`."""


@lru_cache(maxsize=1024)
def _is_under(name: str, value: str) -> bool:
    """Whether `value` may be a secret under this name: `pass` and `pw` also name other things, sessions have numbers."""
    if name.endswith("_pat"):  # a pattern, where it is no token
        return _TOKEN_ONLY.match(value) is not None
    if _SHORT_NAME.search(name):
        return len(value) >= 6 and not _FIGURE.match(value) and value.lower() not in ("passed", "failed")
    return not _SESSION.search(name) or (len(value) >= 16 and not UUID.match(value))


def _is_typed_password(text: str, lead: str, value: re.Match[str]) -> bool:
    """Whether what stands bare beside a short name is a password: runners write `PASS: name`, code `userpass = name`."""
    if "= " in lead:
        return _DIGIT.search(value["bare"]) is not None
    if "=" in lead or "%3d" in lead:
        return True
    before = text[max(value.start() - 8, 0) : value.start()]
    is_path = re.search(r"/|::|\(|\.py", value["bare"])
    return "PASS" not in before and _DIGIT.search(value["bare"]) is not None and not is_path


@lru_cache(maxsize=1024)
def kind_of(name: str) -> str:
    """`password` for what people choose, `secret` for what machines make."""
    return "password" if _CHOSEN.search(name) else "secret"


_ALNUM, _LETTER, _DIGIT = (re.compile(chars) for chars in (r"[^\W_]", r"[^\W\d_]", r"\d"))
"""The three answer what a value is made of, without a list of alphabets. Hit: `a1`. Miss: `***`."""


@lru_cache(maxsize=1024)
def is_secret(kind: str, value: str, *, quoted: bool, assigned: bool) -> bool:
    """Whether a value beside a secret's name is more than a word about it."""
    if value.lower() in _WORDS or STANDS_FOR.match(value) or not _ALNUM.search(value):
        return False
    if kind == "secret":
        return is_random(value)
    return _is_password(value, quoted=quoted, assigned=assigned)


def _is_password(value: str, *, quoted: bool, assigned: bool) -> bool:
    """Whether people could have chosen `value`: at least four characters and no prose, path or identifier."""
    if len(value) < 4 or _PLACE.match(value):
        return False
    if quoted:
        return " " not in value or not _PROSE.match(value)
    if not assigned and value.rstrip(".!?:").isalpha():
        return False
    is_name = len(value) <= 80 and _WORD_END.search(value[-_LEAD:].lower())
    return not _IDENTIFIER.match(value) and not is_name


@lru_cache(maxsize=1024)  # one token stands in many failures
def is_random(value: str) -> bool:
    """Whether a machine could have made `value`: eight characters or more that are not words, a number or a path."""
    if len(value) < 8 or " " in value or _PLACE.match(value) or _DOTTED.match(value):
        return False
    has_digit = _DIGIT.search(value) is not None
    has_letter = _LETTER.search(value) is not None
    mixed = value != value.lower() and value != value.upper()
    return has_letter and (has_digit or (mixed and len(value) >= 16)) and _bits(value) >= 2.5


def _bits(value: str) -> float:
    """Shannon entropy in bits a character, over the first 512."""
    counts = Counter(value[:512])
    total = counts.total()
    return -sum(count / total * math.log2(count / total) for count in counts.values())


_HEADER = re.compile(rf"z(?=ation)ation{_SEPARATOR}")
"""The header Authorization, of either kind, and its sign.

Hit: `proxy-authorization: x`
Miss: `authorization of users`
"""
_CREDENTIALS = re.compile(
    r"[bfruBFRU]{0,2}(?:[\\\"']{0,2}|&(?i:quot|apos|\#3[49]|\#x2[27]);|\\u002[27])[ \t]{0,2}(?:"
    r"(?i:digest|aws4-hmac-sha256|oauth|hawk)[ ](?P<parts>[^\r\n]{4,4096})"
    r"|(?:[A-Za-z][A-Za-z0-9-]{1,30}(?:[ \t]{1,3}|\+|%20))?(?P<s>[^\s\x00-\x1f\"'\\,;<>{}()\[\]&]{4,8192}))"
)
"""What an Authorization header carries behind its scheme.

Hit: `Bearer x7Kq9mPz`
Hit: `Digest username="ada", response="x7Kq"`
Miss: `"":`
"""
_SCHEME = re.compile(r"b(?:earer|asic)(?:[ +]|%20)(?=[0-9a-z._~+/=-]{8})")
"""A scheme with credentials behind it, wherever it stands. Hit: `bearer x7kq9mpz`. Miss: `basic auth`."""
_TOKEN68 = re.compile(r"[0-9A-Za-z._~+/=%-]{8,8192}")
"""Credentials as RFC 7235 writes them (token68). Hit: `x7Kq9mPz==`. Miss: `x7Kq`."""


def authorized(text: str, lower: str) -> Iterator[Span]:
    """Credentials in Authorization headers, and after `Bearer` and `Basic` wherever they stand."""
    for found in _HEADER.finditer(lower):
        value = _CREDENTIALS.match(text, found.end())
        group = (value.lastgroup if value else None) or "s"
        if value and not value[group].isalpha() and not STANDS_FOR.match(value[group]):
            yield Span(value.start(group), value.end(group), "authorization")
    for found in _SCHEME.finditer(lower):
        token = _TOKEN68.match(text, found.end())
        if token and (_is_basic(token[0]) if found[0].startswith("basic") else is_random(token[0])):
            yield Span(token.start(), token.end(), "authorization")


def _is_basic(value: str) -> bool:
    """Whether `value` is base64 of `user:password` (RFC 7617)."""
    value = value.rstrip("=")
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and decoded.isascii()


_COOKIE = re.compile(rf"k(?=ie)ies?{_SEPARATOR}")
"""The headers Cookie and Set-Cookie, and their sign. Hit: `set-cookie: sid=x`. Miss: `a cookie of theirs`."""
_JAR = re.compile(
    r"[bruBRU]{0,2}(?:\\?\"(?P<a>[^\"\r\n]{1,8192})|'(?P<b>[^'\r\n]{1,8192})|\{(?P<c>[^}\r\n]{1,8192})"
    r"|(?P<bare>[^\r\n\"'{}]{1,8192}))"
)
"""Cookies as a header, a literal or a dictionary holds them. Hit: `'sid=x7Kq'`. Hit: `{"sid": "x7Kq"}`. Miss: `}`."""
_PAIR = re.compile(r"(?P<name>[0-9A-Za-z_.-]{1,64})[\"']?[ ]?[=:][ ]?[\"']?(?P<value>[^\s;,\"'\\{}]{4,4096})")
"""A cookie's name and value. Hit: `sid=x7Kq9mPz`. Miss: `sid=x`."""
_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority"}
)


def cookies(text: str, lower: str) -> Iterator[Span]:
    """Values of cookies in headers and in dictionaries of cookies; names and attributes stay."""
    reached = 0
    for found in _COOKIE.finditer(lower):
        is_name = found.start() >= reached and lower.endswith("coo", 0, found.start())
        jar = _JAR.match(text, found.end()) if is_name else None
        if jar:
            reached = jar.end()
            yield from _pairs(text, *jar.span(jar.lastgroup or "bare"))


def _pairs(text: str, start: int, end: int) -> Iterator[Span]:
    """The values in a jar of cookies that reaches from `start` to `end`."""
    for pair in _PAIR.finditer(text, start, end):
        is_code = pair["value"] == pair["name"]  # `{"value": value}`
        if pair["name"].lower() not in _ATTRIBUTES and not is_code and not STANDS_FOR.match(pair["value"]):
            yield Span(pair.start("value"), pair.end("value"), "cookie")


# The value follows after a blank, or as the next item of a list of arguments.
_OPTION = re.compile(
    r"--(?=[a-z])(?P<name>[a-z0-9-]{1,40})(?:[ \t]{1,3}(?=[^\s-])|\\{0,4}[\"'],\s{0,40}(?=b?\\{0,4}[\"'][^-]))"
)
"""Hit: `--password x7kq`. Miss: `--verbose --password`."""


def options(text: str, lower: str) -> Iterator[Span]:
    """Values of a command's options that are named for a secret: `--password hunter2`."""
    for found in _OPTION.finditer(lower):
        value = VALUE.match(text, found.end()) if names_a_secret(found["name"]) else None
        if value and (span := _judged(text, found["name"], "=", value)):
            yield span
