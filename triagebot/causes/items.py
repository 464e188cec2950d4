"""What a test showed beside its error: lines that it printed and logged, its outside contacts, and plain facts such as its leg.

In: the path of a test, or its case. Out: items by their masked text: what differs only by ids, times and numbers is one item.
"""

import re
from collections.abc import Iterator, Mapping

from triagebot.reports.model import Case
from triagebot.signatures.mask import mask
from triagebot.steps import Step, StepSource, TestPath

_SHOWN: frozenset[StepSource] = frozenset(("log", "output", "contact"))
_CLAUSES = re.compile(r"[,;{}\[\]()|]")
"""What separates the parts of a sentence and of a repr. Hit: `gone, again`. Hit: `[5]`. Miss: `user=5: gone`."""
_REPR = re.compile(r"[\"'\\]")
"""What a repr puts around words. Hit: `'gone'`. Miss: `gone`."""
_WORDS = 100
_STEADY = frozenset(("int", "float", "percent"))
"""Masks of what a title may show: numbers that may say which one."""
_LEAST = 8
"""Characters from which on a line says anything."""

_TELLING = re.compile(
    r"(?i:\b(?:error|exception|fail(?:ed|ure|s)?|fatal|panic|critical|refus\w{0,4}|reject\w{0,4}"
    r"|den(?:ied|y|ies)|forbidden|unauthori[sz]ed|"
    r"offline|unavailable|unreachable|unhealthy|not (?:found|connected|reachable|ready|available|running)"
    r"|no such|missing|undefined|"
    r"unknown|invalid|expired|time(?:d)?[ -]?out|disconnect\w{0,4}|closed|reset|abort\w{0,3}|crash\w{0,3}"
    r"|killed|deadlock|"
    r"out of memory|cannot|can't|could not|unable|overflow|exhausted|exceeded|degraded|lost|stale"
    r"|corrupt\w{0,3})\b)"
    r"|(?:\b(?:status|code|HTTP/\d(?:\.\d)?|returned)|[-=]>|[→▶])[ =:\"']{1,3}[45]\d\d\b"
)
"""Words of errors, refusals and absences, and status codes of failures.

Hit: `connection refused`
Hit: `payment service unavailable`
Hit: `GET /cart returned 503`
Hit: `GET /cart -> 503`
Hit: `POST /pay → 402`
Miss: `cart loaded`
Miss: `GET /cart returned 200`
"""
_NOISE = re.compile(
    r"(?i:^(?:-{3,}|={3,}|_{3,}|\+{3,})|\b0 (?:errors?|failures?|failed)\b|\bno errors?\b"
    r"|^(?:FAILED|ERROR) [\w/.]{1,200}::)"
)
"""What runners print of every failing test, and counts of failures that are none.

Hit: `==== FAILURES ====`
Hit: `FAILED tests/test_cart.py::test_add`
Hit: `0 errors`
Miss: `3 errors`
"""
_AFTERMATH = re.compile(
    r"(?i:\b(?:tests?|assertions?|scenarios?|specs?)\b.{0,20}\bfail(?:ed|ure|ures|ing|s)?\b"
    r"|\bfail(?:ed|ure|ing)\b.{0,20}\b(?:tests?|assertions?|scenarios?|specs?)\b"
    r"|\bscreenshots?\b|\b(?:trace|video|har|artifacts?|report)\b.{0,20}\b(?:kept|saved|written|stored|attached))"
)
"""What fixtures and hooks print of any test that failed.

Hit: `test_add: test failed`
Hit: `failed scenario: pay by card`
Hit: `screenshot of the cart`
Hit: `trace was saved`
Miss: `payment failed`
"""


def items_of(path: TestPath) -> Mapping[str, Step]:
    """What a test printed, logged and was answered, by masked text; empty where nothing was recorded."""
    shown = (step for step in path.steps if step.source in _SHOWN and len(step.text) >= _LEAST)
    found: dict[str, Step] = {}
    for step in shown:
        if not _NOISE.search(step.quote or step.text):
            found.setdefault(step.text, step)
    return found


def is_recorded(path: TestPath) -> bool:
    """Whether anything was recorded of what a test showed: what is silent for want of a recording shows nothing by its silence."""
    return not set(path.absent) >= _SHOWN


def is_telling(text: str) -> bool:
    """Whether a line speaks of an error, a refusal or an absence."""
    return bool(_TELLING.search(text))


def is_aftermath(text: str) -> bool:
    """Whether a line says no more than that a test failed, or what was kept of it."""
    return bool(_AFTERMATH.search(text))


def telling_words(text: str) -> str:
    """The clause of a line that speaks of the error, without the quotes and braces of a repr; ids and times in it masked."""
    clauses = (" ".join(_REPR.sub(" ", part).split()).replace(" :", ":") for part in _CLAUSES.split(text))
    words = next((clause for clause in clauses if is_telling(clause)), " ".join(text.split()))[:_WORDS]
    masked: list[tuple[str, str]] = []
    changed = mask(words, masked)
    return changed if any(name not in _STEADY for name, _ in masked) else words


def facts_of(case: Case) -> Iterator[str]:
    """Plain facts of a test by which failing ones may differ from passing ones: leg, parameters, file and class."""
    if case.leg:
        yield f"leg {case.leg}"
    name, bracket, rest = case.test.partition("[")
    if bracket:
        yield from (f"parameter {value}" for value in rest.removesuffix("]").split("-") if value)
    file, inner, _ = name.rpartition("::")
    if inner:
        yield f"in {file}"
