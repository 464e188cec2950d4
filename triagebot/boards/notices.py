"""One message for a chat: what is new, came back or was closed among the most urgent causes, and which scope fell silent. Pure.

In: what came of a command's changes, our issues, the config. Out: a `Notice`, and its JSON as Slack and Microsoft Teams take it. An edit is
never told. Every text from outside is plain text there: it is shown and parsed by nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from triagebot.boards.build import priority_of
from triagebot.config import Config
from triagebot.groups.impact import impact
from triagebot.groups.model import Impact
from triagebot.history import Past
from triagebot.history.heartbeat import heartbeat
from triagebot.issues import Issue
from triagebot.markdown import plain
from triagebot.plans.model import CloseIssue, OpenIssue, Outcome, ReopenIssue

What = Literal["new", "came back", "closed"]
MOST = 20
_CHARS = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `url` is "" where there is none."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A title of our own words, and lines. `more` counts those that are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


def happened(
    outcomes: Iterable[Outcome], issues: Sequence[Issue], impacts: Mapping[str, Impact], config: Config
) -> tuple[tuple[What, Issue], ...]:
    """What was opened, reopened and closed as mended of an urgent cause, in order. `impacts` are those of a run's groups by key."""
    by_number = {issue.number: issue for issue in issues}
    found: list[tuple[What, Issue]] = []
    for outcome in outcomes:
        issue = by_number.get(outcome.issue or 0)
        what = _what(outcome)
        if issue is None or what is None:
            continue
        tests = issue.marker.tests if issue.marker else ()
        meant = impacts.get(outcome.change.key) or impact(tests, config.suites)
        if priority_of(issue, meant, config) in config.notify.priorities:
            found.append((what, issue))
    return tuple(found)


def _what(outcome: Outcome) -> What | None:
    """What an applied change is to somebody who is told; None for everything that nobody needs to be told."""
    if outcome.status != "applied":
        return None
    match outcome.change:
        case OpenIssue():
            return "new"
        case ReopenIssue():
            return "came back"
        case CloseIssue(state_reason="completed"):
            return "closed"
        case _:
            return None


def fell_silent(pasts: Iterable[Past], now: datetime, silence_days: int | None) -> tuple[str, ...]:
    """The scopes that fell silent within the last day, in words: one that is silent for longer was told before."""
    every = [*pasts]
    silent = heartbeat(every, now, silence_days).alarms
    before = heartbeat(
        [p for p in every if p.runs and p.runs[-1].at <= now - _DAY], now - _DAY, silence_days
    ).alarms
    names = {alarm.partition(":")[0] for alarm in before}
    return tuple(alarm for alarm in silent if alarm.partition(":")[0] not in names)


def notice(found: Sequence[tuple[What, Issue]], silent: Sequence[str]) -> Notice | None:
    """The message; None where there is nothing to tell."""
    if not found and not silent:
        return None
    kinds = [what for what, _ in found]
    told = [f"{kinds.count(what)} {what}" for what in ("new", "came back", "closed") if what in kinds]
    told += [f"{len(silent)} silent"] if silent else []
    lines = [Line(f"{what}: #{issue.number} {issue.title}", issue.url) for what, issue in found]
    lines += [Line(f"silent: {line}") for line in silent]
    return Notice(f"triagebot: {', '.join(told)}", tuple(lines[:MOST]), max(0, len(lines) - MOST))


def as_slack(told: Notice) -> dict[str, Any]:
    """The message as an incoming webhook of Slack takes it: rich text, whose parts Slack does not parse.

    https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
    """
    sections: list[dict[str, Any]] = [
        _slack_line([{"type": "text", "text": told.title, "style": {"bold": True}}])
    ]
    for line in told.lines:
        text = plain(line.text, _CHARS)
        part = (
            {"type": "link", "url": line.url, "text": text}
            if _is_web(line.url)
            else {"type": "text", "text": text}
        )
        sections.append(_slack_line([part]))
    if told.more:
        sections.append(_slack_line([{"type": "text", "text": f"… and {told.more} more"}]))
    return {"text": told.title, "blocks": [{"type": "rich_text", "elements": sections}]}


def _slack_line(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """One line of rich text."""
    return {"type": "rich_text_section", "elements": [*parts, {"type": "text", "text": "\n"}]}


def as_teams(told: Notice) -> dict[str, Any]:
    """The message as a workflow of Microsoft Teams takes it: an Adaptive Card of text runs, which hold no Markdown.

    https://adaptivecards.io/explorer/TextRun.html
    """
    body: list[dict[str, Any]] = [_teams_line({"text": told.title, "weight": "Bolder"})]
    for line in told.lines:
        opens = {"selectAction": {"type": "Action.OpenUrl", "url": line.url}} if _is_web(line.url) else {}
        body.append(_teams_line({"text": plain(line.text, _CHARS), **opens}))
    if told.more:
        body.append(_teams_line({"text": f"… and {told.more} more"}))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def _teams_line(run: dict[str, Any]) -> dict[str, Any]:
    """One line of a card."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run}]}


def _is_web(url: str) -> bool:
    """Whether an address can be given as one: the tracker's own, without anything hidden."""
    return url.startswith("https://") and url.isprintable() and " " not in url
