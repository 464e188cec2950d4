"""What Robot Framework says of a test, whether in XML or in JSON: status, message, and what its keywords logged.

In: a status, a message, the trail of keywords. Out: attempts. `rebot --merge` leaves the earlier attempt in the message only.
robotframework's own result API is not used: it parses XML without defence against entities, and knows no limits.
"""

import html
import re
from collections.abc import Sequence

from triagebot.reports.model import CaseOutcome, Phase, Section
from triagebot.reports.outcomes import meaning
from triagebot.reports.runner_cases import AttemptResult, Error, named_in

_PREFIXES: tuple[tuple[str, Phase], ...] = (
    ("Parent suite setup failed:", "setup"),
    ("Setup failed:", "setup"),
    ("Parent suite teardown failed:", "teardown"),
    ("Teardown failed:", "teardown"),
)
_MERGED = re.compile(
    r"(New|Old) (status|message):</span> (?:<span class=\"[a-z]{1,20}\">)?(.{0,60000}?)(?:</span>)?(?=<br>|<hr>|\Z)",
    re.DOTALL,
)
"""What `rebot --merge` puts into the message: the status or the message of either attempt.

Hit: `Old status:</span> <span class="fail">FAIL</span><br>`
Hit: `New message:</span> gone<hr>`
Miss: `Old status: FAIL`
"""
_TAG = re.compile(r"<[^<>]{1,300}>")
"""A tag of HTML. Hit: `<span class="fail">`. Miss: `5 < 6`."""
_LEVELS = {"FAIL", "ERROR", "WARN"}


def attempts(
    status: str,
    message: str,
    duration_s: float | None,
    trail: Sequence[str],
    logged: Sequence[tuple[str, str]],
) -> list[AttemptResult]:
    """The attempts that a test's status tells of. `logged` are the levels and texts of its messages."""
    earlier: list[AttemptResult] = []
    if "Test has been re-executed" in message:
        told = {f"{when} {what}": text for when, what, text in _MERGED.findall(message)}
        earlier = [_result(told.get("Old status", ""), _plain(told.get("Old message", "")), None, (), ())]
        message = told.get("New message", "") or ("" if _outcome(status) == "passed" else message)
    return [*earlier, _result(status, _plain(message), duration_s, trail, logged)]


def _result(
    status: str,
    message: str,
    duration_s: float | None,
    trail: Sequence[str],
    logged: Sequence[tuple[str, str]],
) -> AttemptResult:
    outcome = _outcome(status)
    if outcome != "failed":
        return AttemptResult(outcome, (), duration_s)
    said, phase = _phase(message)
    traces = [text for level, text in logged if level == "DEBUG" and text.startswith("Traceback (")]
    text = "\n".join([said, *trail, *traces])
    output = "\n".join(f"{level} {text}" for level, text in logged if level in _LEVELS)
    kept = named_in("\n".join(text for _level, text in logged if "<" in text))
    return AttemptResult("failed", (Error(said, text, phase),), duration_s, (Section("log", output),), kept)


def _outcome(status: str) -> CaseOutcome:
    means = meaning(status)
    return "passed" if means == "green" else "skipped" if means == "skipped" else "failed"


def _phase(message: str) -> tuple[str, Phase]:
    """What went wrong and in which phase: the same broken setup says the same in every test below it."""
    for prefix, phase in _PREFIXES:
        if message.startswith(prefix):
            return message[len(prefix) :].strip(), phase
    return message, "call"


def _plain(message: str) -> str:
    """A message without its HTML, where it says that it has some."""
    if not message.startswith("*HTML*"):
        return html.unescape(message) if "&" in message and "<" not in message else message
    return html.unescape(_TAG.sub("", message.removeprefix("*HTML*").replace("<br>", "\n"))).strip()
