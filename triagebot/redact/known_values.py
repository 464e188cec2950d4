"""Values of secret-named variables, and the forms in which they leave: base64, hex, URL-encoded, escaped.

In: an environment as a mapping. Out: needles to seek. It reads no environment of its own.
"""

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote, urlsplit

from triagebot.redact.model import Span

SHORTEST = 6
"""Values of fewer characters are not sought: they would be found everywhere."""

_SECRET = re.compile(
    r"(?:\A|_)(?:TOKEN|SECRETS?|PASSWORD|PASSWD|PASS|PWD|PASSPHRASE"
    r"|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SECRET|MASTER|AUTH|SERVICE|LICENSE|ACCOUNT|HMAC|JWT|DEPLOY"
    r"|SSH)_?KEY"
    r"|APIKEY|CREDENTIALS?|AUTH|COOKIES?|DSN|WEBHOOK|SALT|PEPPER|CONNECTION_STRING|PAT|JWT|OTP_SEED)"
    r"(?:_(?:BASE|VALUE|STAGING|PROD|PRODUCTION|DEV|TEST|OLD|NEW|B64|BASE64|JSON|[0-9]{1,2}))?\Z|TOKEN\Z"
    r"|SECRET\Z|PASSWORD\Z|APIKEY\Z"
)
"""Names of variables whose values are secrets.

Hit: `GITHUB_TOKEN`
Hit: `DB_PASSWORD_STAGING`
Miss: `GITHUB_SHA`
"""
_DIRECTORIES = frozenset({"PWD", "OLDPWD"})
_NO_VALUE = frozenset(
    {"true", "false", "none", "null", "enabled", "disabled", "required", "undefined", "default"}
)


@dataclass(frozen=True, slots=True)
class Needle:
    """One form of a secret value; `secret` is the value itself and `kind` names its variable."""

    form: str
    kind: str
    secret: str


def secret_values(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment that hold secrets, with passwords inside addresses as `<NAME>_password`."""
    found: dict[str, str] = {}
    for name, value in sorted(environ.items()):
        if (
            _SECRET.search(name.upper())
            and name.upper() not in _DIRECTORIES
            and value.lower() not in _NO_VALUE
        ):
            found[name] = value
        if password := _password_in(value):
            found[f"{name}_password"] = password
    return found


def _password_in(value: str) -> str:
    """The password of an address such as a DSN, "" where there is none."""
    try:
        return unquote(urlsplit(value).password or "") if "://" in value else ""
    except ValueError:
        return ""


def needles(secrets: Mapping[str, str]) -> tuple[Needle, ...]:
    """Every form of every value of at least six characters, longest first; the first variable by name owns a value."""
    found: dict[str, Needle] = {}
    for name, value in sorted(secrets.items()):
        kind = "env." + re.sub(r"[^0-9A-Za-z_]", "_", name)[:60]
        for form in _forms(value.strip()):
            found.setdefault(form, Needle(form, kind, value.strip()))
    return tuple(sorted(found.values(), key=lambda needle: (-len(needle.form), needle.form)))


def _forms(value: str) -> Iterator[str]:
    """The value and its forms. Lines of a long value count on their own, for logs print them one by one."""
    if len(value) < SHORTEST:
        return
    yield value
    yield from (line.strip() for line in value.splitlines() if len(line.strip()) >= 16)
    yield from _escaped(value)
    raw = value.encode("utf-8", "surrogateescape" if value.isascii() else "replace")
    yield from (raw.hex(), raw.hex().upper())
    for shift in range(3):
        yield from _base64(raw, shift)


def _escaped(value: str) -> Iterator[str]:
    """As URLs, JSON, Python's repr and HTML write it."""
    encodable = value.encode("utf-8", "replace").decode("utf-8")
    for url in (quote(encodable, safe=""), quote_plus(encodable), quote(encodable)):
        yield url
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), url)
    yield json.dumps(encodable)[1:-1]
    yield json.dumps(encodable, ensure_ascii=False)[1:-1]
    yield repr(encodable)[1:-1]
    yield html.escape(encodable)


def _base64(raw: bytes, shift: int) -> Iterator[str]:
    """What base64 makes of the value when `shift` bytes stand before it: the part that no neighbour changes.

    Three bytes are four characters, so the first characters depend on what comes before, the last on what comes after.
    """
    head = (0, 2, 3)[shift]
    whole = base64.b64encode(b"\0" * shift + raw).rstrip(b"=").decode("ascii")
    core = whole[head:] if (shift + len(raw)) % 3 == 0 else whole[head:-1]
    yield core
    yield core.replace("+", "-").replace("/", "_")


_RUN = re.compile(r"[0-9A-Za-z_+/=-]{16,}")
"""A long run of a token's characters. Hit: `x7Kq9mPzx7Kq9mPz==`. Miss: `x7Kq 9mPz`."""
_PIECE = re.compile(r"[0-9A-Za-z_-]{16,}")
"""A part of such a run that stands alone where `/`, `+` and `=` part words.

Hit: `x7Kq9mPzx7Kq9mPz`
Miss: `x7Kq9mPz/x7Kq9mPz`
"""
_HEX = re.compile(r"[0-9a-fA-F-]{1,4096}\Z")
"""A digest, an id or a commit. Hit: `9fceb02d0ae598e95dc970b7`. Miss: `9fceb02d0ae598e95dc970bz`."""


def is_telling(value: str) -> bool:
    """Whether `value` is found nowhere by chance: one long run with digits here and there, and no digest or UUID."""
    if not _RUN.fullmatch(value) or _HEX.match(value):
        return False
    return any(
        len(re.findall(r"[0-9]+", run)) >= 3 and not run.isdigit()
        for run in re.findall(r"[0-9A-Za-z]{16,}", value)
    )


def bare_forms(value: str) -> Iterator[str]:
    """The value as it stands, in hex and in base64 on its own, each as one run of characters."""
    raw = value.encode()
    yield from (value, value.rstrip("="), raw.hex(), raw.hex().upper())
    for encoded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield encoded.decode().rstrip("=")


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where long runs of a token's characters stand: the widest first, then its pieces between `/`, `+` and `=`."""
    for run in _RUN.finditer(text):
        yield run.start(), run.start() + len(run[0].rstrip("="))
        for piece in _PIECE.finditer(text, *run.span()):
            yield piece.span()


def literal_spans(text: str, narrow: str, sought: tuple[Needle, ...]) -> Iterator[Span]:
    """Every place where one of the needles stands; `narrow` is the text with a byte a character, `?` for what is wider."""
    for needle in sought:
        within = narrow if needle.form.isascii() else text
        at = within.find(needle.form)
        while at >= 0:
            end = at + len(needle.form)
            if within is text or text.startswith(needle.form, at):  # a `?` of a needle is not any wide letter
                yield Span(at, end, needle.kind, needle.secret)
            at = within.find(needle.form, end)
