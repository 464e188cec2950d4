"""Tells a chat of a command, once, where the config asks for it. What is told decides `boards.notices`; a refusal is a remark."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from triagebot.boards import notices
from triagebot.config import Config
from triagebot.groups.model import Impact
from triagebot.issues import Issue
from triagebot.pipeline.effects import Effects
from triagebot.plans import Outcome

URL = "TRIAGEBOT_NOTIFY_URL"
"""The variable that holds the webhook's address."""


def notify(
    outcomes: Iterable[Outcome],
    issues: Sequence[Issue],
    config: Config,
    effects: Effects,
    *,
    impacts: Mapping[str, Impact] | None = None,
    silent: Sequence[str] = (),
) -> str:
    """Send one message about these outcomes, if there is anything to tell; why it was not sent, "" for nothing wrong."""
    if config.notify.to == "off":
        return ""
    found = notices.happened(outcomes, issues, impacts or {}, config)
    clean = effects.redactor.text
    told = notices.notice(
        [(what, replace(issue, title=clean(issue.title))) for what, issue in found], [*map(clean, silent)]
    )
    if told is None:
        return ""
    if not (url := effects.environ.get(URL, "").strip()):
        return f"Nobody was told: [notify] to is {config.notify.to!r}, and {URL} is not set."
    from triagebot.trackers.webhook import send  # noqa: PLC0415 - an HTTP client, for those who want to be told

    message = notices.as_slack(told) if config.notify.to == "slack" else notices.as_teams(told)
    refused = send(url, message)
    return f"Nobody was told: {refused}. What was filed stands." if refused else ""
