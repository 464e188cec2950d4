"""What stands in the way of keeping issues on GitHub, and what to do about each.

In: probes, each a question to GitHub or to the machine whose answer is already there as a value. Out: `Finding`s in the
order in which a person would mend them. Everything here is a function of its arguments; `trackers.github.probe` asks GitHub.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from triagebot.config import Config
from triagebot.history.heartbeat import Heartbeat

Verdict = Literal["ok", "warn", "fail"]
MOST_SKEW = timedelta(seconds=60)
LEAST_LEFT = 100
"""Requests that a triage of a busy day may need."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` is what to do, "" where nothing needs doing."""

    name: str
    verdict: Verdict
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Probed:
    """What GitHub answered, None where the question made no sense or was refused before it could be asked.

    `errors` holds the refusals by the name of the question: repository, login, issues, label, compare, runs, history.
    """

    login: str | None = None
    default_branch: str | None = None
    has_issues: bool | None = None
    archived: bool | None = None
    server_time: datetime | None = None
    issues: int | None = None
    labels: Mapping[str, bool] | None = None
    remaining: int | None = None
    limit: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def judge(probed: Probed, config: Config, now: datetime, *, history: str = "") -> tuple[Finding, ...]:
    """Every finding. `history` is the configured history store, "" for none; `now` is this machine's clock in UTC."""
    errors = probed.errors
    looked: Sequence[Callable[[], Finding]] = (
        lambda: _repository(probed, errors),
        lambda: _login(probed, config, errors),
        lambda: _issues(probed, errors),
        lambda: _labels(probed, config, errors),
        lambda: _compare(errors),
        lambda: _runs(errors),
        lambda: _history(history, errors),
        lambda: _clock(probed, now),
        lambda: _rate(probed),
    )
    return tuple(look() for look in looked)


def silence(beat: Heartbeat) -> Finding:
    """Whether runs still come, as far as history knows."""
    said = "; ".join(beat.lines) or "no scope is watched: the config names none in full, and no issue is open"
    advice = "See whether the suite and the job that triages it still run; limits.silence_days says how long is too long."
    return Finding("last run", "warn" if beat.alarms else "ok", said, advice if beat.alarms else "")


def worst(findings: Sequence[Finding]) -> Verdict:
    """The verdict on it all."""
    verdicts = {finding.verdict for finding in findings}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "ok"


def _repository(probed: Probed, errors: Mapping[str, str]) -> Finding:
    """Whether the repository is there and takes issues."""
    if error := errors.get("repository"):
        return Finding("repository", "fail", error, "Check GITHUB_REPOSITORY, GITHUB_API_URL and the token.")
    if probed.archived:
        return Finding("repository", "fail", "the repository is archived", "Unarchive it, or file elsewhere.")
    if probed.has_issues is False:
        return Finding(
            "repository", "fail", "issues are disabled", "Enable them in Settings > General > Features."
        )
    return Finding("repository", "ok", f"issues are enabled; the default branch is {probed.default_branch}")


def _login(probed: Probed, config: Config, errors: Mapping[str, str]) -> Finding:
    """Under whose name we write, and whose markers we believe beside our own."""
    if error := errors.get("login"):
        advice = "Give a token that GitHub accepts: GITHUB_TOKEN, or an app's id and key."
        if "issues" not in errors:
            return Finding("login", "warn", error, "Name who writes issues here under authors of the config.")
        return Finding("login", "fail", error, advice)
    trusted = ", ".join((probed.login or "nobody", *config.authors))
    return Finding(
        "login", "ok", f"issues are written by {probed.login}; markers are believed from {trusted}"
    )


def _issues(probed: Probed, errors: Mapping[str, str]) -> Finding:
    """Whether our issues can be listed."""
    if error := errors.get("issues"):
        return Finding("read issues", "fail", error, "Give the token issues: read (write, to file).")
    return Finding("read issues", "ok", f"{probed.issues} issues carry our label")


def _labels(probed: Probed, config: Config, errors: Mapping[str, str]) -> Finding:
    """Whether we may write, which the label that every issue carries shows."""
    name = config.labels.generated
    if error := errors.get("label"):
        return Finding(
            "write issues", "fail", error, "Give the token issues: write; without it nothing is filed."
        )
    missing = [label for label, there in (probed.labels or {}).items() if not there]
    later = f"; made when first needed: {', '.join(missing)}" if missing else ""
    return Finding("write issues", "ok", f"the label {name} is there{later}")


def _compare(errors: Mapping[str, str]) -> Finding:
    """Whether commits can be compared, which reopening rests on."""
    if error := errors.get("compare"):
        advice = "Give the token contents: read; until then only revisions and times decide what came back."
        return Finding("compare commits", "warn", error, advice)
    return Finding("compare commits", "ok", "commits can be compared")


def _runs(errors: Mapping[str, str]) -> Finding:
    """Whether artifacts of other runs can be read."""
    if error := errors.get("runs"):
        return Finding(
            "read artifacts", "warn", error, "Give the token actions: read, if reports come from other runs."
        )
    return Finding("read artifacts", "ok", "artifacts of other runs can be read")


def _history(home: str, errors: Mapping[str, str]) -> Finding:
    """Whether history has a store that outlives the runner."""
    if not home:
        said = "no history store: only what the issues remember is known"
        return Finding(
            "history", "warn", said, "Name one: --history postgresql://… or --history branch:NAME."
        )
    if error := errors.get("history"):
        return Finding(
            "history",
            "fail",
            error,
            "A branch needs contents: write; a database must be reachable from here.",
        )
    return Finding("history", "ok", "the history store answers")


def _clock(probed: Probed, now: datetime) -> Finding:
    """Whether this machine's clock agrees with GitHub's."""
    if probed.server_time is None:
        return Finding("clock", "warn", "GitHub did not say what time it is", "Run doctor again.")
    skew = abs(now - probed.server_time)
    said = f"{skew.total_seconds():.0f} s from GitHub's clock"
    if skew > MOST_SKEW:
        return Finding("clock", "warn", said, "Set the clock (NTP): apps cannot sign in with a wrong one.")
    return Finding("clock", "ok", said)


def _rate(probed: Probed) -> Finding:
    """Whether enough requests are left."""
    if probed.remaining is None:
        return Finding(
            "rate limit", "warn", "GitHub did not say how many requests are left", "Run doctor again."
        )
    said = f"{probed.remaining} of {probed.limit} requests left this hour"
    if probed.remaining < LEAST_LEFT:
        return Finding(
            "rate limit", "warn", said, "Wait for the hour to turn, or use an app's token, which has more."
        )
    return Finding("rate limit", "ok", said)
