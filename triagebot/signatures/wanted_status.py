"""Which of the statuses in one sentence came and which was wanted: `Expected status code 200 for /orders, but got 500`.

In: the words of an assertion. Out: a `Statuses`, or None where they do not name two. The word nearest to a number says what it is; where
no word does, a success was wanted and an error came.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

_CAP = 600
_NUMBER = re.compile(
    r"(?<![\w./:@#$€£%-])[1-5]\d{2}(?:[. ](?=$|[^\d\w])|(?![\w.%-]|:\d|/(?![1-5]\d\d\b)))|(?<=: )[1-5]\d{2}(?=\.$)"
)
"""A number of three digits that stands alone.

Hit: `got 503`
Hit: `<503>`
Hit: `was 503.`
Hit: `200/201`
Miss: `/503`
Miss: `1.503`
Miss: `503ms`
"""
_UNIT = re.compile(
    r" ?(?:ms|s|sec|seconds?|minutes?|bytes?|[kKMG]i?B|items?|rows?|events?|messages?|records?|results?"
    r"|lines?|entries|elements?|users?|orders?|times?|"
    r"points?|characters?|tokens?|pixels?|px|%)\b"
)
"""What follows a number that counts. Hit: ` rows`. Miss: ` OK`."""
_STATUS = re.compile(
    r"(?i:status|\bhttp\b|\bresponse|\bcode\b|\bGET\b|\bPOST\b|\bPUT\b|\bPATCH\b|\bDELETE\b|endpoint"
    r"|\bapi\b|\brequest|\bserver\b|antwort|r[ée]ponse|respuesta|\bestado\b|\bstatut\b)"
)
"""A word beside which numbers of three digits are statuses. Hit: `status_code`. Miss: `count`."""
_VERB = r"(?:(?: to)?(?: have)?(?: be(?:en)?)?(?: (?:got(?:ten)?|get|received?|return(?:ed)?|answer(?:ed)?|respond(?:ed)?|found|find|gave|give)\b)?)"
_WANTED_BEFORE = (
    rf"(?:expect(?:ed|s|ing|ation)?|should(?:n't)?|wanted|want|must|ought){_VERB}|required?|desired|"
    r"to (?:be|equal|have|return|match)|equals?|is not|isn't|was not|wasn't|not equal to|not in|not one of|differs from|other than|"
    r"right(?=:)|erwartet\w{0,4}|soll(?:te)?|attendue?s?|esperad[oa]s?|se esperaba|atteso"
)
_CAME_BEFORE = (
    r"got|gotten|received|receiving|actual(?:ly)?|but|was|were|is|found|returned|returns?(?= [1-5])|answered|responded|replied|came|gave|given|obtained|observed|"
    r"saw|failed with|left(?=:)|however|yet|instead(?! of)|erhalten|erhielt|bekam|war|tats[aä]chlich|aber|re[cç]ue?|obtenue?|mais|recibido|obtenid[oa]|pero|ricevut[oa]|ma"
)
_INSTEAD = r"instead of|rather than|in place of|statt|au lieu de|en lugar de|invece di"
_ROLE = re.compile(
    rf"(?i:(?P<differs>!==?|≠|<>)|(?<!\w)(?P<instead>{_INSTEAD})(?!\w)"
    rf"|(?<!\w)(?:(?P<wanted>{_WANTED_BEFORE})|(?P<came>{_CAME_BEFORE}))(?!\w))"
)
"""A word before a number that says what it is, or that it is the opposite of the number before.

Hit: `expected`
Hit: `but`
Hit: `instead of`
Miss: `button`
"""
_AFTER = re.compile(
    r"[\]>)'\"`]{0,2}(?: [A-Z][A-Za-z]{1,20}){0,4}[\]>)'\"`]{0,2} "
    r"(?i:(?P<wanted>(?:was |were |is )?(?:expected|wanted|erwartet|attendue?|esperad[oa])\b(?! ?:))"
    r"|(?P<came>(?:was )?(?:received|returned|obtained|erhalten|re[cç]ue?|obtenue?)\b(?! ?:))"
    r"|(?P<compared>(?:does not|doesn't|did not|is not|isn't|was not|not) "
    r"(?:equal|match|in|be|found in|one of)\b|is not\b|to (?:equal|be|match)\b|"
    r"(?:matches|is identical to|equals|is equal to)\b))"
)
"""What stands right behind a number; one that is compared came, and the next was wanted.

Hit: ` expected`
Hit: ` does not equal 200`
Miss: ` for /orders`
"""
_LISTED = re.compile(r"[\s,/|]{1,3}(?:or |and |oder |ou )?")
"""What stands between the numbers of a list. Hit: `, `. Hit: ` or `. Miss: ` but got `."""
_KNOWN = frozenset(str(status.value) for status in HTTPStatus)
_OPPOSITE = {"came": "wanted", "wanted": "came"}


@dataclass(frozen=True, slots=True)
class Statuses:
    """The status that came and what was wanted in its place, `wanted` "" where that is several.

    `span` is the sentence, and `named` says that it speaks of a status.
    """

    came: str
    wanted: str
    span: str
    named: bool


def statuses(text: str) -> Statuses | None:
    """The two statuses of an assertion; None where the words do not name two, or name other things."""
    told = " ".join(text[:_CAP].split())
    numbers = list(_NUMBER.finditer(told))
    if len({found[0][:3] for found in numbers}) < 2 or any(_UNIT.match(told, n.start() + 3) for n in numbers):
        return None
    came, wanted = _parted(_roles(told, numbers))
    if not came or not wanted or set(came) & set(wanted):
        return None
    if not all(number in _KNOWN for number in (*came, *wanted)):
        return None
    named = _STATUS.search(told) is not None
    if not named and not (came[0][0] in "45" and wanted[0][0] in "123"):
        return None
    return Statuses(came[0], wanted[0] if len(set(wanted)) == 1 else "", told, named)


def counts(text: str) -> bool:
    """Whether one of two numbers counts things, and nothing speaks of a status: `expected 200 rows but got 500`."""
    told = " ".join(text[:_CAP].split())
    numbers = list(_NUMBER.finditer(told))
    counted = any(_UNIT.match(told, n.start() + 3) for n in numbers)
    return len(numbers) > 1 and counted and _STATUS.search(told) is None


def _parted(roles: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The statuses that came and those that were wanted: by words, by what they are, else the first of two that differ came."""
    came, wanted = ([number for number, role in roles if role == side] for side in ("came", "wanted"))
    rest = [number for number, role in roles if role not in ("came", "wanted")]
    if came or wanted:
        return came or rest, wanted or rest
    by_kind = _by_kind(rest)
    differ = any(role == "differs" for _, role in roles)
    return by_kind if by_kind[0] or not differ else (rest[:1], rest[1:])


def _roles(told: str, numbers: list[re.Match[str]]) -> list[tuple[str, str]]:
    """Each number with `came`, `wanted`, `differs` (from the one before), or "" where no word says."""
    roles: list[tuple[str, str]] = []
    before, last = 0, ""
    for number in numbers:
        said = told[before : number.start()]
        after = _AFTER.match(told, number.start() + 3)
        words = [found.lastgroup or "" for found in _ROLE.finditer(said)]
        role = words[-1] if words else ""
        if role == "instead" and roles:
            role = "wanted" if last != "wanted" else "came"
            roles[-1] = (roles[-1][0], "came" if role == "wanted" else "wanted")
        elif role == "differs":
            role = _OPPOSITE.get(last, role)
        elif after:
            role = after.lastgroup or ""
        elif not words and (last == "compared" or _LISTED.fullmatch(said)):
            role = "wanted" if last == "compared" else last
        roles.append((number[0][:3], "came" if role == "compared" else role))
        before, last = (after.end() if after else number.start() + 3), role
    return roles


def _by_kind(numbers: list[str]) -> tuple[list[str], list[str]]:
    """What came and what was wanted where no word says so: an error in place of a success; nothing else is known."""
    errors = [number for number in numbers if number[0] in "45"]
    others = [number for number in numbers if number[0] in "123"]
    return (errors, others) if len(set(errors)) == 1 and others else ([], [])
