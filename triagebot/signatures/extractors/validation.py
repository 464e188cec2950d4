"""Data that is not what its reader was promised: JSON that does not parse, models that do not validate."""

import re

from triagebot.signatures import host
from triagebot.signatures.mask import mask
from triagebot.signatures.subject import Finding, Subject, finding

_JSON = re.compile(
    r"(Expecting value|Expecting property name enclosed in double quotes|Extra data"
    r"|Unterminated string starting at|Expecting ',' delimiter|Expecting ':' delimiter"
    r"|Invalid control character at|Invalid \\escape|Unexpected UTF-8 BOM|Unexpected end of JSON input"
    r"|Illegal trailing comma before end of (?:object|array))"
)
"""What the parser of Python's or Go's JSON says.

Hit: `Expecting value: line 1 column 1 (char 0)`
Miss: `expected a value`
"""
_NODE_JSON = re.compile(r"Unexpected (?:token|end of JSON)[^\n]{0,80}JSON")
"""What that of JavaScript says. Hit: `Unexpected token < in JSON at position 0`. Miss: `Unexpected token <`."""
_PYDANTIC = re.compile(r"(\d{1,5}) validation errors? for ([\w.\[\], |]{1,160})")
"""The head of pydantic's errors: how many, and of which model.

Hit: `2 validation errors for Order`
Miss: `validation failed for Order`
"""
_ERROR = re.compile(r"\[type=([\w.]{1,80})|\(type=([\w.]{1,80})")
"""The type of one of them.

Hit: `[type=missing, input_value={}]`
Hit: `(type=value_error.missing)`
Miss: `type=missing`
"""
_LOCATED = re.compile(r"\{'type': '([\w.]{1,80})', 'loc': \(([^)\n]{1,200})\)")
"""The type and the place of one of them, as FastAPI shows it.

Hit: `{'type': 'missing', 'loc': ('body', 'state')}`
Miss: `{'loc': ('body', 'state')}`
"""
_ZOD = re.compile(r"\"code\": \"(?P<code>\w{1,60})\"[^}]{0,600}?\"path\": \[(?P<path>[^\]]{0,400})\]")
"""The code and the path of an issue of Zod.

Hit: `"code": "invalid_type", "path": ["state"]`
Miss: `"code": "invalid_type"`
"""
_MIME = re.compile(r"unexpected mimetype: ([\w.+/-]{0,80})")
"""The type of an answer that is no JSON, as aiohttp says it.

Hit: `unexpected mimetype: text/html`
Miss: `mimetype: text/html`
"""
_LOC = re.compile(r"[\w.\[\]`<>-]{1,160}(?: -> [\w.\[\]-]{1,80}){0,8}$")
"""The line of a field's path, above pydantic's message.

Hit: `order.lines.0.price`
Hit: `body -> state`
Miss: `Field required!`
"""
_INDEX = re.compile(r"(?<=\.)\d{1,6}(?=\.|$)|(?<=-> )\d{1,6}(?=$| ->)")
"""An index in such a path. Hit: `lines.0.price`. Miss: `lines.price`."""
_REQUIRED = re.compile(
    r"^'([\w.-]{1,120})' is a required property|^Additional properties are not allowed \('([\w.-]{1,120})'"
)
"""A property that jsonschema misses or does not allow.

Hit: `'state' is a required property`
Hit: `Additional properties are not allowed ('state' was unexpected)`
Miss: `'state' is required`
"""


def validation(subject: Subject) -> Finding | None:
    """`json` with the parser's words, or `validation` with the model and each field's error."""
    text = subject.text
    if "unexpected mimetype" in subject.lowered and (found := _MIME.search(text)):
        where = host.of_url(text)
        title = f"Not JSON but {found[1]}{f' from {where}' if where else ''}"
        return finding("json", title, found[0], error=f"unexpected mimetype {found[1]}", host=where)
    if "'loc': (" in text and (located := tuple(_LOCATED.finditer(text))):
        listed = sorted(set(map(_located, located)))
        title = f"Does not validate: {', '.join(listed[:3])}"
        return finding("validation", title, located[0][0], errors=" ".join(listed[:20]))
    if subject.type == "ZodError" and (issues := sorted(set(map(_issue, _ZOD.finditer(text))))):
        return finding(
            "validation",
            f"Does not validate: {', '.join(issues[:3])}",
            issues[0],
            errors=" ".join(issues[:20]),
        )
    if subject.type == "JSONDecodeError" or ("json" in subject.lowered and "unexpected" in subject.lowered):
        return _json(subject)
    if "validation error" in subject.lowered and (found := _PYDANTIC.search(text)):
        return _model(text, found)
    if subject.type == "ValidationError" and (found := _REQUIRED.search(text)):
        name = found[1] or found[2]
        words = "is missing" if found[1] else "is not allowed"
        return finding(
            "validation",
            f"Property {name} {words}",
            found[0],
            errors=f"{name}:{'required' if found[1] else 'additional'}",
        )
    return None


def _issue(found: re.Match[str]) -> str:
    """One of Zod's issues as `path:code`."""
    path = ".".join(re.findall(r"\"([^\"\n]{1,80})\"", found["path"]))
    return f"{path}:{found['code']}"


def _located(found: re.Match[str]) -> str:
    """One of FastAPI's errors as `field:type`, list positions left out."""
    parts = [part.strip(" '\"") for part in found[2].split(",")]
    return f"{'.'.join('*' if part.isdigit() else part for part in parts if part)}:{found[1]}"


def _json(subject: Subject) -> Finding | None:
    """What the parser stumbled over, and in whose hands."""
    found = _JSON.search(subject.text) or _NODE_JSON.search(subject.text)
    said = found[1] if found and found.re is _JSON else mask(found[0]) if found else mask(subject.first)
    where = subject.place
    at = f" in {where}" if where else ""
    return finding(
        "json", f"Not JSON{at}: {said}", found[0] if found else subject.first, error=said, at=where
    )


def _model(text: str, found: re.Match[str]) -> Finding:
    """Pydantic's list of errors as sorted `field:type`, list positions left out."""
    model = found[2].strip()
    errors: set[str] = set()
    field = ""
    for line in text[found.end() :].split("\n")[:120]:
        if kind := _ERROR.search(line):
            errors.add(f"{_INDEX.sub('*', field)}:{kind[1] or kind[2]}")
        elif line and not line.startswith((" ", "\t")) and _LOC.match(line.strip()):
            field = line.strip()
    listed = " ".join(sorted(errors)[:20])
    shown = ", ".join(sorted(errors)[:3])
    return finding(
        "validation",
        f"{model} does not validate{f': {shown}' if shown else ''}",
        found[0],
        model=model,
        errors=listed,
    )
