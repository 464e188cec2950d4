"""Secrets whose name does not stand right before them: attributes of a tag, fields of a record, errors of a model,
fields of a form, arguments of an authentication, parameters of a URL.

In: text, and the same text in lower case. Out: spans. The name is sought in a bounded window around the value.
"""

import re
from collections.abc import Iterator

from triagebot.redact.key_values import (
    QUOTE,
    UUID,
    VALUE,
    continued,
    is_random,
    is_secret,
    kind_of,
    names_a_secret,
)
from triagebot.redact.model import Span
from triagebot.redact.surroundings import STANDS_FOR

_REACH = 400

# --- `name` and `value` side by side: tags, entries of an environment, cookies of a browser ---------------------------
_VALUE_OF = re.compile(rf"value(?<!_value)(?:\\{{0,4}}{QUOTE})?[ \t]?[:=][ \t]{{0,3}}(?=\S)")
"""The field of a record that holds its value. Hit: `"value": "x7kq"`. Miss: `default_value: 5`."""
_NAME_OF = re.compile(
    rf"(?<![a-z])(?:name|key|id)(?:\\{{0,4}}{QUOTE})?[ \t]?[:=][ \t]?(?:\\{{0,4}}{QUOTE})?"
    rf"(?P<name>[a-z0-9_.:-]{{1,80}})"
)
"""The field of a record that holds its name. Hit: `"name": "db_password"`. Miss: `filename: x`."""
_EDGES = ("{", "}", "<", ">", "&lt;", "&gt;", "\n\n")
_COOKIE_FIELDS = ("domain", "path", "httponly", "samesite", "expires")


_NAME = re.compile(r"[A-Za-z_]{1,80}(?:\.[A-Za-z_]{1,80}){0,8}\Z")
"""A value that is a name of code. Hit: `settings.token`. Miss: `x7Kq-9mPz`."""
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,12}\Z")
"""A value that is the name of a constant. Hit: `DB_PASSWORD`. Miss: `Db_Password`."""


def records(text: str, lower: str) -> Iterator[Span]:
    """Values of records that carry the name of a secret in a field of their own."""
    for found in _VALUE_OF.finditer(lower):
        low, high = _record(lower, found.start(), found.end())
        kind = _kind_of_record(lower, low, found.start(), found.end(), high)
        value = VALUE.match(text, found.end()) if kind else None
        if value and kind:
            group = value.lastgroup or "bare"
            bare = value[group].strip()
            is_name = group == "bare" and _NAME.match(bare)
            if not is_name and _is_value(kind, bare):
                yield Span(value.start(group), value.end(group), kind)


def _record(lower: str, start: int, end: int) -> tuple[int, int]:
    """From where to where the record reaches that holds the key at `start`."""
    low, high = max(start - _REACH, 0), min(end + _REACH, len(lower))
    for edge in _EDGES:
        low = max(low, lower.rfind(edge, low, start) + 1)
        at = lower.find(edge, end, high)
        high = at if at >= 0 else high
    return low, high


def _kind_of_record(lower: str, low: int, start: int, end: int, high: int) -> str | None:
    """What kind of secret the record holds, by its name; None for others."""
    names = [*_NAME_OF.finditer(lower, low, start), *_NAME_OF.finditer(lower, end, high)]
    for found in names:
        name = found["name"].rpartition(":")[2]
        if names_a_secret(name) or name == "authenticity_token":
            return kind_of(name)
    fields = lower[low:high]
    return "cookie" if names and sum(field in fields for field in _COOKIE_FIELDS) > 1 else None


def _is_value(kind: str, value: str) -> bool:
    if kind == "cookie":
        return len(value) >= 4 and not STANDS_FOR.match(value)
    return is_secret(kind, value, quoted=True, assigned=True)


_TAG = re.compile(
    r"<(?:[a-z0-9]{1,20}:)?(?P<name>[a-z0-9_.-]{2,60})[ \t][^<>\r\n]{1,200}(?<!/)>[ \t]{0,3}"
    r"(?P<value>[^<>\r\n]{4,1024})<"
)
"""An element with attributes and its text.

Hit: `<password encrypted="no">x7kq9mpz</password>`
Miss: `<password>x7kq9mpz</password>`
"""


_ENTRY = re.compile(
    rf"(?:(?:name|key)={QUOTE}(?P<a>[a-z0-9_.:-]{{1,80}}){QUOTE}[^<>\r\n]{{0,80}}>"
    rf"|<key>(?P<b>[a-z0-9_.:-]{{1,80}})</key>)"
    r"\s{0,40}<(?:value|string)>[ \t]{0,3}(?P<value>[^<>\r\n]{4,1024})<"
)
"""An entry of Spring's or Apple's XML: the name in an attribute or an element before the value's.

Hit: `<entry key="db.password"><value>x7kq9mpz</value>`
Hit: `<key>token</key><string>x7kq9mpz</string>`
Miss: `<key>token</key><integer>5</integer>`
"""


def tags(text: str, lower: str) -> Iterator[Span]:
    """What stands in an element with attributes that is named for a secret."""
    if "</" not in lower:
        return
    for found in _ENTRY.finditer(lower):
        yield from _element(text, found, found["a"] or found["b"])
    for found in _TAG.finditer(lower):
        yield from _element(text, found, found["name"])


def _element(text: str, found: re.Match[str], name: str) -> Iterator[Span]:
    """The value of an element, if its name is one of a secret."""
    value = text[found.start("value") : found.end("value")].strip()
    if names_a_secret(name) and is_secret(kind_of(name), value, quoted=True, assigned=True):
        yield Span(*found.span("value"), kind_of(name))


# --- reprs of cookies -------------------------------------------------------------------------------------------------
_COOKIE_REPR = re.compile(
    r"<(?:cookie|morsel|simplecookie|set-cookie)s?:? (?P<name>[\w.-]{1,80})=['\"]?(?P<value>[^\s;'\"<>]{4,4096})"
)
"""How cookie jars show a cookie. Hit: `<cookie sid=x7kq9mpz for api.example/>`. Miss: `<cookiejar[]>`."""


def cookie_reprs(text: str, lower: str) -> Iterator[Span]:
    """Values in reprs such as `<Cookie sid=… for api.example/>` and `<Morsel: sid=…; Path=/>`."""
    for found in _COOKIE_REPR.finditer(lower):
        if not STANDS_FOR.match(text, *found.span("value")):
            yield Span(*found.span("value"), "cookie")


# --- errors of pydantic -----------------------------------------------------------------------------------------------
_INPUT = re.compile(r"input_value=(?=b?[\"'])")
"""Where pydantic shows what it was given. Hit: `input_value='x7kq'`. Miss: `input_value=5, input_type=int`."""
_LOCATION = re.compile(
    rf"loc(?:\\{{0,4}}{QUOTE})?: ?[(\[](?P<path>[^)\]\r\n]{{1,200}})[)\]][^\r\n{{}}]{{0,300}}?input"
    rf"(?:\\{{0,4}}{QUOTE})?: ?(?=b?\\{{0,4}}{QUOTE})"
)
"""Where an error of pydantic names the field and what it was given, as JSON or as a dictionary.

Hit: `"loc":["body","password"],"msg":"too short","input":"x7kq"`
Miss: `"loc":["body","password"],"msg":"too short"`
"""
_LINE = re.compile(r"(?P<path>[a-z0-9_.\[\]-]{1,200})[ \t]{0,3}\r?\Z")
"""The line of a field's path, above pydantic's message. Hit: `user.password`. Miss: `for user.password!`."""


def model_errors(text: str, lower: str) -> Iterator[Span]:
    """Inputs that pydantic shows beside the name of the field that refused them."""
    for found in _INPUT.finditer(lower):
        end = lower.rfind("\n", max(found.start() - _REACH, 0), found.start())
        start = lower.rfind("\n", max(end - 240, 0), end) + 1 if end > 0 else 0
        line = _LINE.search(lower[start:end]) if end > 0 else None
        if line:
            yield from _input(text, found.end(), re.split(r"[.\[\]]", line["path"]))
    for found in _LOCATION.finditer(lower):
        yield from _input(text, found.end(), re.findall(r"[a-z0-9_-]{1,80}", found["path"]))


def _input(text: str, at: int, path: list[str]) -> Iterator[Span]:
    """The value at `at`, if any part of the field's path names a secret."""
    named = [part for part in path if names_a_secret(part)]
    value = VALUE.match(text, at) if named else None
    if value:
        group = value.lastgroup or "bare"
        if is_secret("password", value[group].strip(), quoted=True, assigned=True):
            yield Span(*value.span(group), kind_of(named[-1]))


# --- arguments of an authentication -----------------------------------------------------------------------------------
_AUTH = re.compile(
    r"h(?<=auth)(?:\\{0,4}[\"'])?[ \t]{0,24}[=:]?[ \t]{0,3}[(\[][ \t\r\n]{0,40}b?"
    r"(?P<q>\\{0,4}[\"'])[^\"'\r\n\\]{0,200}(?P=q),\s{0,40}(?=b?\\{0,4}[\"'])"
)
"""The first of two arguments of an authentication. Hit: `auth=('ci', 'x7kq')`. Miss: `auth=('ci')`."""
_LOGIN = re.compile(
    r"\((?:(?<=login\()|(?<=log_in\()|(?<=sign_in\()|(?<=authenticate\())(?P<q>[\"'])[^\"'\r\n\\]{1,200}"
    r"(?P=q),[ ]?(?=[\"'])"
)
"""The first argument of a login. Hit: `client.login('ci', 'x7kq')`. Miss: `client.logout('ci', 'x7kq')`."""
_KEY_CLASS = re.compile(
    r"\((?:(?<=auth\()|(?<=key\()|(?<=token\()|(?<=secret\()|(?<=credentials\()|(?<=credential\())"
    r"(?:[a-z_]{1,20}=)?(?=b?[\"'])"
)
"""A class that wraps a key, called with a literal. Hit: `apikeyauth('x7kq')`. Miss: `apikeyauth(key)`."""


def authentications(text: str, lower: str) -> Iterator[Span]:
    """The second of two arguments of an authentication, and a random first one: `auth=('ci', 'x')`, `ApiKeyAuth(key='…')`."""
    for found in _AUTH.finditer(lower):
        value = VALUE.match(text, found.end())
        group = (value.lastgroup if value else None) or "bare"
        stands_for = value and (_PASSWORD_FIELD.match(value[group].lower()) or _CONSTANT.match(value[group]))
        if value and not stands_for and is_secret("password", value[group], quoted=True, assigned=True):
            yield Span(*value.span(group), "password")
    for found in _LOGIN.finditer(lower):
        value = VALUE.match(text, found.end())
        group = (value.lastgroup if value else None) or "bare"
        if (
            value
            and not value[group].isalpha()
            and is_secret("password", value[group], quoted=True, assigned=True)
        ):
            yield Span(*value.span(group), "password")
    for found in _KEY_CLASS.finditer(lower):
        value = VALUE.match(text, found.end())
        group = (value.lastgroup if value else None) or "bare"
        if value and len(value[group]) >= 20 and is_random(value[group]) and not UUID.match(value[group]):
            span = Span(*value.span(group), "secret")
            yield span
            yield from continued(text, span)


# --- fields of a form -------------------------------------------------------------------------------------------------
_TYPED = re.compile(
    r"\((?:(?<=fill\()|(?<=type\()|(?<=send_keys\()|(?<=press_sequentially\()|(?<=have_value\()"
    r"|(?<=set_value\()|(?<=input_text\()|(?<=input_password\())"
    r"(?:(?P<selector>\\{0,4}[\"'][^\r\n,]{1,160}),[ ]?(?:text=|value=)?)?(?=\\{0,4}[\"'])"
)
"""A call that types into a field, and the selector before the value where there is one.

Hit: `page.fill('#password', 'x7kq')`
Hit: `get_by_label('password').fill('x7kq')`
Miss: `page.click('#password')`
"""
_PASSWORD_FIELD = re.compile(r"passw|passphrase|secret|(?<![a-z])pwd|(?<![a-z])otp|api[_-]?key")
"""Words of a selector or a label of a field for secrets. Hit: `input[type=password]`. Miss: `#username`."""


def typed_in(text: str, lower: str) -> Iterator[Span]:
    """What a browser's driver types into a field whose selector or label names a password."""
    for found in _TYPED.finditer(lower):
        low = max(found.start() - 160, lower.rfind("\n", 0, found.start()) + 1)
        field = found["selector"] or lower[low : found.start()]
        value = VALUE.match(text, found.end()) if _PASSWORD_FIELD.search(field) else None
        group = (value.lastgroup if value else None) or "bare"
        if value and is_secret("password", value[group], quoted=True, assigned=True):
            yield Span(*value.span(group), "password")


# --- parameters of addresses and forms --------------------------------------------------------------------------------
_PARAMETER = re.compile(
    r"[?&#;](?:(?<=&amp;)|amp;)?"
    r"(?P<name>key|code|auth|ticket|sid|sign|hash_key|token|otp|access|signature|code_verifier"
    r"|client_assertion|samlresponse|samlrequest|assertion)"
    r"(?:=|%3d)(?P<value>[^\s\"'&<>;,\\()\[\]{}]{8,8192})"
)
"""A parameter of a query that holds a key, a code or a ticket. Hit: `?code=x7kq9mpz1a`. Miss: `?code=1011`."""
_PARAMETER_MARKS = ("?", "&", "#")
_FORM = re.compile(
    r"(?<![\w-])(?:code_verifier|client_assertion|samlresponse|saml_response|samlrequest|saml_assertion)"
    r"(?:\\{0,4}[\"'])?[ ]?[=:][ ]?(?:\\{0,4}[\"'])?(?P<value>[\w%+/=.~-]{16,8192})"
)
"""Fields of a form that log in by OAuth or SAML.

Hit: `code_verifier=x7kq9mpzx7kq9mpz`
Miss: `code_verifier=x7kq`
"""
_FORM_MARKS = ("code_verifier", "client_assertion", "saml")
_GRANT = re.compile(r"authorization_code")
"""The word that makes `code` beside it one of OAuth.

Hit: `grant_type=authorization_code`
Miss: `grant_type=client_credentials`
"""
_CODE = re.compile(
    r"(?<![\w-])code(?:\\{0,4}[\"'])?[ ]?[=:][ ]?(?:\\{0,4}[\"'])?(?P<value>[\w%+/=.~-]{10,2048})"
)
"""The code of such a grant. Hit: `code=x7kq9mpz1a`. Miss: `status_code=x7kq9mpz1a`."""


def parameters(text: str, lower: str) -> Iterator[Span]:
    """Keys, one-time codes and tickets in queries and forms; close codes and codes of errors are short or words."""
    for found in _PARAMETER.finditer(lower) if any(mark in lower for mark in _PARAMETER_MARKS) else ():
        yield from _parameter(text, found, 10 if found["name"] == "code" else 16)
    for found in _FORM.finditer(lower) if any(mark in lower for mark in _FORM_MARKS) else ():
        yield from _parameter(text, found, 16)
    for grant in _GRANT.finditer(lower):
        for found in _CODE.finditer(lower, max(grant.start() - _REACH, 0), grant.end() + _REACH):
            yield from _parameter(text, found, 10)


def _parameter(text: str, found: re.Match[str], least: int) -> Iterator[Span]:
    value = text[found.start("value") : found.end("value")]
    if len(value) >= least and is_random(value) and not UUID.match(value):
        yield Span(*found.span("value"), "secret")


# --- lines of files ---------------------------------------------------------------------------------------------------
_NETRC = re.compile(r"w(?<=passw)ord(?<![\w-]password)[ \t]{1,8}(?P<value>[^\s\"']{4,256})")
"""The password of a line of .netrc. Hit: `login ci password x7kq9mpz`. Miss: `reset-password x7kq9mpz`."""
_NETRC_LEAD = re.compile(r"(?<![\w-])(?:login|machine|default)[ \t]{1,8}\S")
"""What stands before it in .netrc. Hit: `machine api.example login ci`. Miss: `the machines of ci`."""
_PGPASS = re.compile(
    r":(?<=[\w*]:)(?:54[0-9]{2}|6432|\*):[^:\s\\]{1,80}:[^:\s\\]{1,80}:(?P<value>[^\s\"']{4,256})"
)
"""The password of a line of .pgpass, behind host, port, database and user.

Hit: `db.example:5432:shop:app:x7kq9mpz`
Miss: `db.example:8080:shop:app:x7kq9mpz`
"""
_ORACLE = re.compile(r"(?::thin:|sqlplus[ ](?:-\w[ ]){0,3})[\w$#]{1,60}/(?P<value>[^\s\"'@/]{3,256})@")
"""The password of an address or a command of Oracle's.

Hit: `jdbc:oracle:thin:app/x7kq@db`
Miss: `jdbc:oracle:thin:@db`
"""
_VARIABLE = r"[ \t]{1,4}(?P<name>[a-z][a-z0-9_]{1,80})[ \t]{1,4}(?=[^\s=])"
_ENV = re.compile(rf"v(?<=env)(?<![\w-]env){_VARIABLE}")
"""A variable that a Dockerfile sets. Hit: `env db_password x7kq`. Miss: `environment db_password x7kq`."""
_SET = re.compile(rf"t(?<=set)(?<![\w-]set){_VARIABLE}")
"""A variable that a tool's `set` sets. Hit: `set db_password x7kq`. Miss: `reset db_password x7kq`."""
_ARG = re.compile(rf"g(?<=arg)(?<![\w-]arg){_VARIABLE}")
"""A variable that a Dockerfile takes. Hit: `arg npm_token x7kq`. Miss: `args npm_token=x7kq`."""


def file_lines(text: str, lower: str) -> Iterator[Span]:
    """Passwords of .netrc and .pgpass, of Dockerfiles and of Oracle's addresses."""
    for pattern in (_NETRC, _PGPASS, *([_ORACLE] if "thin:" in lower or "sqlplus " in lower else [])):
        for found in pattern.finditer(lower):
            value = text[found.start("value") : found.end("value")]
            led = pattern is not _NETRC or _NETRC_LEAD.search(
                lower, max(found.start() - 200, 0), found.start()
            )
            if led and is_secret("password", value, quoted=True, assigned=True):
                yield Span(*found.span("value"), "password")
    for pattern in (_ENV, _ARG, _SET):
        yield from _variables(text, lower, pattern)


def _variables(text: str, lower: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Values of variables that a Dockerfile or a tool's `set` gives without a sign between."""
    assigned = pattern is not _SET  # `set password policy` is prose
    for found in pattern.finditer(lower):
        value = VALUE.match(text, found.end()) if names_a_secret(found["name"]) else None
        group = (value.lastgroup if value else None) or "bare"
        if value and is_secret(kind_of(found["name"]), value[group], quoted=assigned, assigned=assigned):
            yield Span(*value.span(group), kind_of(found["name"]))
