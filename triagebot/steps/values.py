"""Values as steps: what assertions compared and bodies of answers held, as failures show them. What passed shows none."""

import re
from collections.abc import Iterator

from triagebot.reports.model import Case, Failure
from triagebot.signatures.mask import mask
from triagebot.steps.model import Step

MOST = 80
"""Different values that one test keeps."""
_READ = 20_000

_SHOWN = re.compile(r"^E {1,12}(.*)$", re.MULTILINE)  # what pytest shows of an exception
"""Hit: `E   ValueError: gone`. Miss: `ValueError: gone`."""
_DIFF = re.compile(
    r"^(?:[?+-] |\.\.\.|Full diff|Use -v|Left contains|Omitting )"
)  # how it shows two long values side by side
"""Hit: `+ paid`. Hit: `Full diff:`. Miss: `paid`."""
_WHERE = re.compile(r"^\+ {1,9}(?:where|and) {1,5}")  # where a value of an assertion came from
"""Hit: `+  where 503 = answer.status`. Miss: `where 503`."""
_PAIR = re.compile(  # a member of an object as Python or JSON prints it: 'state': 'offline'
    r"""["'](\w[\w.-]{0,60})["'] ?: ?("[^"\n]{0,200}"|'[^'\n]{0,200}'|-?\d{1,20}(?:\.\d{1,10})?|true|false|null|True|False|None)"""
)
"""Hit: `'state': 'offline'`. Miss: `state: offline`."""
_STRING = re.compile(r"""'([^'\n]{3,300})'|"([^"\n]{3,300})\"""")  # a text that stands in quotes
"""Hit: `'offline'`. Miss: `offline`."""
_CODES = frozenset(
    ("code", "status", "status_code", "statuscode", "close_code", "errno", "exit_code", "returncode")
)


def steps(case: Case) -> Iterator[Step]:
    """The values that the failures of a test show, each once: whole lines, members of objects, texts in quotes."""
    seen: dict[str, Step] = {}
    for failure in case.attempts[-1].failures:
        for text, quote in _values(failure):
            if len(seen) < MOST:
                seen.setdefault(text, Step("value", text, place=failure.test, quote=quote))
    yield from seen.values()


def _values(failure: Failure) -> Iterator[tuple[str, str]]:
    """(what is compared, as it stood) for each value that a failure shows."""
    for line in _lines(failure):
        if said := mask(line):
            yield said, line
        for found in _PAIR.finditer(line):
            yield _member(found[1], found[2]), found[0]
        for found in _STRING.finditer(line):
            text = found[1] or found[2]
            if any(map(str.isalpha, text)):
                yield mask(text), text


def _lines(failure: Failure) -> Iterator[str]:
    """The lines in which a failure shows values: those that pytest marks, else the message."""
    shown = _SHOWN.findall(failure.text[-_READ:])
    for line in shown or failure.message[:_READ].splitlines():
        plain = _WHERE.sub("", line.strip())
        if plain and not _DIFF.match(plain):
            yield plain


def _member(name: str, value: str) -> str:
    """A member of an object, its value masked unless it is a code."""
    bare = value.strip("\"'")
    return f"{name}={bare if name.lower() in _CODES else mask(bare)}"
