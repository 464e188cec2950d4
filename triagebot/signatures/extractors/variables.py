"""An environment variable that is not there."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_SHAPE = re.compile(r"[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,12}$")
"""The shape of a variable's name: capitals with at least one `_`. Hit: `DATABASE_URL`. Miss: `DATABASE`."""
_ENVIRONMENT = re.compile(r"\benviron\b|\bgetenv\b|\benv\[")
"""A line of code that reads the environment. Hit: `os.environ['DATABASE_URL']`. Miss: `environment`."""
_READ = re.compile(r"(?:getenv|environ(?:\.get)?)\s?[(\[]\s?[\"'](?P<name>[A-Z][A-Z0-9_]{2,80})[\"']")
"""The variable that it reads. Hit: `os.getenv("DATABASE_URL")`. Miss: `os.getenv(name)`."""
_ALONE = re.compile(r"(?:assert |self\.assert\w{1,40}\()(\w{1,80})\b")
"""The name that an assertion is about. Hit: `assert database_url, "set it"`. Miss: `check(database_url)`."""
_NOT_THERE = ("None", "''", "unexpectedly None")
_NAME = r"(?<![A-Z0-9_])[`'\"$]{0,3}(?P<name>[A-Z][A-Z0-9_]{2,80})(?![a-z0-9])[`'\"]{0,2}"
_SAID = tuple(
    re.compile(pattern)
    for pattern in (
        # Hit: `environment variable DATABASE_URL`
        r"(?i:environment variables?|env vars?|envvars?|env variables?|environment)(?i: are| is|:)?(?i: not set| missing| required)?[:\s(\[{]{0,5}"
        + _NAME,
        # Hit: `DATABASE_URL env var`
        _NAME
        + r"(?: or [`'\"]{0,1}[A-Z][A-Z0-9_]{2,80}[`'\"]{0,1})?(?i: env(?:ironment)? ?var(?:iable)?s?\b)",
        # Hit: `DATABASE_URL is not set`
        _NAME
        + r"(?i: (?:is not set|not set|is not defined|must be set|is required but|is missing|is unset|not configured)\b)(?i:.{0,24}\benv(?:ironment)?\b)?",
        # Hit: `DATABASE_URL not found. Declare it as envvar`
        _NAME + r"(?i: not found\. Declare it as envvar)",
    )
)
"""How people and programs say that a variable is not set. Miss: `DATABASE_URL is too long`."""
_PLACEHOLDER = re.compile(r"Could not resolve placeholder '([A-Z][A-Z0-9_]{2,80})'")
"""Spring's, where no property has that name.

Hit: `Could not resolve placeholder 'DATABASE_URL' in value`
Miss: `Could not resolve placeholder 'database.url'`
"""
_MISSING = re.compile(
    r"(?i)missing required (?:environment variables?|env vars?|settings?)[: ]{1,3}([A-Z0-9_, '\"\[\]]{3,400})"
)
"""A list of variables that are required.

Hit: `Missing required environment variables: DATABASE_URL, REDIS_URL`
Miss: `missing: DATABASE_URL`
"""
_FURTHER = re.compile(r"[`'\"]{0,2}(?:, ?|,? and )[`'\"$]{0,2}([A-Z][A-Z0-9_]{2,80})(?![a-z0-9])")
"""A further name in such a list. Hit: `, REDIS_URL`. Miss: `or REDIS_URL`."""
_WORD = re.compile(r"[A-Z][A-Z0-9_]{2,80}")
"""A name in capitals. Hit: `REDIS_URL`. Miss: `redis_url`."""


def variables(subject: Subject) -> Finding | None:
    """`env` with the variable's name; several names are sorted."""
    if subject.type == "KeyError":
        return _looked_up(subject)
    if subject.asserted:
        return _asserted(subject)
    low = subject.lowered
    if subject.foreign and (placeholder := _PLACEHOLDER.search(subject.text)):
        return _found(placeholder[1], placeholder[0])
    if "env" not in low and " set" not in low and "declare it" not in low and "configured" not in low:
        return None
    if found := _MISSING.search(subject.text):
        return _found(" ".join(sorted(set(_WORD.findall(found[1])))), found[0])
    for pattern in _SAID:
        if (found := pattern.search(subject.text)) and ("_" in found["name"] or "env" in low):
            return _found(_and_further(subject.text, found), found[0])
    return None


def _and_further(text: str, found: re.Match[str]) -> str:
    """The name with those that are listed right behind it, sorted."""
    names, at = {found["name"]}, found.end("name")
    while further := _FURTHER.match(text, at):
        names.add(further[1])
        at = further.end()
    return " ".join(sorted(names))


def _looked_up(subject: Subject) -> Finding | None:
    """`os.environ["NAME"]`: by the frame that looked it up, or by the shape of the name alone."""
    name = subject.first.removeprefix("key not found: ").strip().strip("'\"")
    if not name.isupper() or not name.replace("_", "").isalnum():
        return None
    looked = any(
        _ENVIRONMENT.search(frame.code) or "<frozen os>" in frame.path for frame in subject.frames[-2:]
    )
    if looked or _ENVIRONMENT.search(subject.statement) or _SHAPE.match(name):
        return _found(name, subject.first)
    return None


def _asserted(subject: Subject) -> Finding | None:
    """`assert os.getenv("NAME")`: the variable that the statement, or the source above it, reads and that was not there."""
    said = subject.first.removeprefix("assert ")
    if not said.startswith(_NOT_THERE):
        return None
    alone = _ALONE.match(subject.statement)
    lines = [line for line in subject.shown if alone and _assigns(line, alone[1])][-1:]
    read = [found["name"] for line in (*lines, subject.statement) if (found := _READ.search(line))]
    return _found(read[-1], subject.first) if read else None


def _assigns(line: str, name: str) -> bool:
    return line.strip().startswith((f"{name} = ", f"{name}: "))


def _found(name: str, span: str) -> Finding | None:
    if not name:
        return None
    plural = "s" if " " in name else ""
    return finding("env", f"Environment variable{plural} {name.replace(' ', ', ')} not set", span, name=name)
