"""Cases of any runner, made of what its report says of each attempt.

In: a test's file, its names from the outermost suite on, who ran it, and its attempts. Out: cases and a `Report` of them.
What every reader has to get right the same way stands here: ids, phases, the sum of attempts. What a word of a format
means is its reader's own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from triagebot.reports.captured_output import capped
from triagebot.reports.decoding import File
from triagebot.reports.json_values import number, string
from triagebot.reports.model import (
    RED,
    Attachment,
    Attempt,
    Case,
    CaseOutcome,
    Failure,
    Phase,
    Problem,
    Report,
    Section,
)
from triagebot.reports.namesakes import Placed, distinct
from triagebot.reports.test_names import join_id

_WORKSPACE = re.compile(
    r"(?:/home/runner/work|/__w|/Users/runner/work|[A-Za-z]:/a)/[^/]{1,200}/[^/]{1,200}/"
    r"|/builds/(?:[^/]{1,200}/){2}"
    r"|/(?:home/vsts/work|__w)/\d{1,4}/s/|/(?:var/lib/jenkins|home/jenkins)/workspace/[^/]{1,200}/"
    r"|/home/circleci/project/"
    r"|/github/workspace/|/(?:app|workspace|workspaces/[^/]{1,200}|src|code)/"
)
"""Where a CI's checkout lies: GitHub (also on Windows), GitLab, Azure, Jenkins, CircleCI, containers.

Hit: `/home/runner/work/shop/shop/tests/cart.spec.ts`
Hit: `D:/a/shop/shop/tests/cart.spec.ts`
Hit: `/builds/shop/cart/tests/cart.spec.ts`
Hit: `/__w/1/s/tests/cart.spec.ts`
Hit: `/home/vsts/work/1/s/tests/cart.spec.ts`
Hit: `/var/lib/jenkins/workspace/shop/tests/cart.spec.ts`
Hit: `/home/circleci/project/tests/cart.spec.ts`
Hit: `/github/workspace/tests/cart.spec.ts`
Hit: `/app/tests/cart.spec.ts`
Miss: `/srv/shop/tests/cart.spec.ts`
"""
_SOURCE_FOLDER = re.compile(
    r"(?:\A|/)((?:src|lib|tests?|specs?|e2e|cypress|__tests__|packages|apps|features|integration)/.{1,2000})\Z"
)
"""The first folder of a checkout whose name says that tests or sources lie in it.

Hit: `/srv/shop/tests/cart.spec.ts`
Hit: `e2e/cart.cy.ts`
Miss: `/srv/shop/cart.spec.ts`
Miss: `/srv/contests/cart.ts`
"""
_FRAMES = re.compile(r"^[ \t]{0,20}at (?:.{0,400}\(|.{0,300}:\d)", re.MULTILINE)
"""The first frame of V8's stack. Hit: `    at add (/srv/shop/cart.js:12:5)`. Hit: `at cart.js:12:5`. Miss: `at the end`."""
_CODE = re.compile(
    r"^[ \t]{0,20}(?:(?:> ?)?[ \t]{0,9}\d{1,6} \||at (?:.{0,400}\(|.{0,300}:\d))", re.MULTILINE
)
"""A line of a code frame, or the first frame of V8's stack.

Hit: `  > 12 | add(5)`
Hit: `    at add (/srv/shop/cart.js:12:5)`
Miss: `12 items`
"""
_DECIMAL_COMMA = re.compile(r"-?0,\d{1,20}|-?\d{1,15},(?!\d{3}$)\d{1,20}")
"""A number with a comma for its point, as some languages of machines write it. Hit: `0,125`. Hit: `12,5`. Miss: `1,234`."""
_KEPT = re.compile(
    r"\[\[ATTACHMENT\|([^\]\n]{1,1000})\]\]|<(?:img|a|video|source)\b[^<>]{0,300}?\b(?:src|href)=\"((?!https?:|data:)[^\"\n]{1,500}\.(?:png|jpe?g|gif|webp|webm|mp4|zip|har|html?))\""
)
"""A file that was kept, in Jenkins' way or as a link of Robot Framework's log.

Hit: `[[ATTACHMENT|out/test-failed-1.png]]`
Hit: `<img src="selenium-screenshot-1.png"`
Miss: `<a href="https://shop.example/a.png">`
"""
_SAID = 200_000
"""Characters of an output in which files are looked for."""
_ABSOLUTE = re.compile(r"/|[A-Za-z]:/|file:")
"""A path from a root on, or a URL of one.

Hit: `/srv/shop`
Hit: `D:/a`
Hit: `file:///srv/shop`
Miss: `tests/cart.spec.ts`
"""


@dataclass(frozen=True, slots=True)
class Error:
    """What one attempt says went wrong: the runner's message and its long text; either may be ""."""

    message: str
    text: str = ""
    phase: Phase = "call"


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What a report says of one attempt. `errors` count only where `outcome` is red."""

    outcome: CaseOutcome
    errors: tuple[Error, ...] = ()
    duration_s: float | None = None
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def in_checkout(path: str) -> str:
    """A file's path within its checkout, as far as it can be told; only its name where nothing can."""
    slashed = path.replace("\\", "/")
    if not _ABSOLUTE.match(slashed):
        return slashed.removeprefix("./")
    slashed = slashed.removeprefix("file://")
    if found := _WORKSPACE.match(slashed):
        return slashed[found.end() :]
    home = _SOURCE_FOLDER.search(slashed)
    return home[1] if home else slashed.rpartition("/")[2]


def test_id(file: str, *names: str) -> str:
    """The id to show: `file::names`; one of the parts alone where the other is unknown."""
    return "::".join([part for part in (file, " ".join(filter(None, names))) if part])


def case(test: str, told: Sequence[AttemptResult], project: str = "") -> Case:
    """The case of a test's attempts in order. `project` is part of its ids: in another one it is another test."""
    shown = f"{test} [{project}]" if project else test
    join = join_id(shown)
    attempts = tuple(_attempt(one, shown, join, project) for one in told)
    return Case(shown, join, attempts[-1].outcome, attempts, project=project)


def _attempt(told: AttemptResult, test: str, join: str, project: str) -> Attempt:
    if told.outcome not in RED:
        return Attempt(told.outcome, (), told.duration_s)
    sections = tuple(replace(section, text=capped(section.text)) for section in told.sections if section.text)
    failures = tuple(
        Failure(
            test,
            join,
            error.phase,
            error.message,
            capped(error.text),
            (),
            sections,
            told.attachments,
            project,
        )
        for error in told.errors or (Error(""),)
    )
    return Attempt(told.outcome, failures, told.duration_s, sections)


def report(
    file: File,
    format: str,
    cases: Iterable[Case],
    *,
    started: datetime | None = None,
    duration_s: float | None = None,
    complete: bool = True,
    problems: Sequence[str | Problem] = (),
    doubts: Sequence[str] = (),
) -> Report:
    """The Report of a file's cases; those that share an id are told apart. A `doubt` is a contradiction in it."""
    return Report(
        file.path,
        file.sha256,
        format,
        distinct([Placed(one) for one in cases]),
        started=started,
        duration_s=duration_s,
        complete=complete and not doubts,
        problems=(
            *file.problems,
            *(said if isinstance(said, Problem) else file.problem(said) for said in (*problems, *doubts)),
        ),
        doubted=bool(doubts),
    )


def instant(text: Any) -> datetime | None:
    """An ISO 8601 time in UTC; None where it is none, or where the clock's zone is not told."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def seconds(value: Any, unit: float = 1.0) -> float | None:
    """A duration in seconds from a number, or a text with one, in parts of `unit` to the second (1000: milliseconds).

    A comma groups thousands; a single one that does not, or behind a zero, stands for the point.
    """
    if isinstance(value, str):
        value = value.replace(",", ".") if _DECIMAL_COMMA.fullmatch(value.strip()) else value.replace(",", "")
    try:
        found = number(float(value) if isinstance(value, str) else value)
    except ValueError:
        return None
    return None if found is None else found / unit


def raised(message: str, stack: str = "", snippet: str = "", cause: str = "", phase: Phase = "call") -> Error:
    """An error of a runner that parts message and stack: what it says once, the code around it, frames, cause.

    V8's stacks begin with type and message, or with the frames; other languages' are left as they are.
    """
    found = _FRAMES.search(stack)
    if not found:
        said = message or stack.strip().partition("\n")[0]
        whole = stack if said.partition("\n")[0] in stack else f"{said}\n{stack}".rstrip()
        return Error(said, "\n".join(part for part in (whole, snippet.rstrip(), cause) if part), phase)
    head, frames = stack[: found.start()].rstrip(), stack[found.start() :]
    said = head if message.strip() in head else message
    return Error(said, "\n".join(part for part in (said, snippet.rstrip(), frames, cause) if part), phase)


def attachment(value: dict[str, Any]) -> Attachment:
    """A file that Playwright and CTRF name."""
    path = kept_path(string(value.get("path")))
    return Attachment(string(value.get("name")), path, string(value.get("contentType")))


def kept_path(path: str) -> str:
    """The path of a file that was kept, from the folder of results on."""
    path = path.replace("\\", "/")
    at = path.rfind("/test-results/")
    return path[at + 1 :] if at >= 0 else in_checkout(path) if path else ""


def named_in(said: str) -> tuple[Attachment, ...]:
    """The files that an output names as kept, each once: in Jenkins' way, or as Robot Framework's log links to them."""
    paths = (kept_path(found[1] or found[2]) for found in _KEPT.finditer(said[:_SAID]))
    return tuple(Attachment(path.rpartition("/")[2], path) for path in dict.fromkeys(paths))


def head_of(text: str) -> str:
    """What an error says before the code around it and its frames."""
    found = _CODE.search(text)
    return (text[: found.start()] if found else text).strip()
