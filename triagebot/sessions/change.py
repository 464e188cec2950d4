"""The change that a session's issue needs so that it says what the lines say: open, edit, close, or none."""

import json
from collections.abc import Sequence
from dataclasses import replace

from triagebot.config import Config
from triagebot.issues.marker import write_marker
from triagebot.issues.model import Issue, Marker
from triagebot.issues.section import compose, section, section_hash
from triagebot.plans.model import Absent, Change, CloseIssue, EditIssue, OpenIssue, Present
from triagebot.plans.planner import once_key
from triagebot.sessions import render
from triagebot.sessions.memory import DROPPED, KEY, Lines, lines_of, notes, session_of, still_dropped

_ONCE = 20


def session_change(
    lines: Lines, issue: Issue | None, config: Config, *, close: bool = False
) -> Change | None:
    """What brings the issue up to these lines; None where it says just that, or where nobody knows how the session began.

    A person who closes the issue closes the session: it is written once more only to reopen nothing.
    """
    session = session_of(lines, issue)
    if session is None:
        return None
    key = KEY + session.id
    before = issue.marker if issue else None
    told = notes(lines, still_dropped(lines, before))
    kept = session_of(
        lines_of({name: text for name, text in told if name.startswith(("start", "run ", "close"))})
    )
    session = replace(
        kept or session, issue=session.issue, url=session.url, dropped=int(dict(told).get(DROPPED, "0"))
    )
    ends = close and (issue is None or issue.state == "open")
    shown = render.parts(session, open_=not (ends or (issue is not None and issue.state == "closed")))
    now = section_hash(issue.body) if issue else ""
    once = once_key(now, key, json.dumps([told, shown, ends]))
    labels = (config.labels.generated, config.labels.session)
    spent = tuple(dict.fromkeys((*(before.once if before else ()), once)))[-_ONCE:]
    marker = Marker(
        key=key, algorithm=0, labels=labels, title=render.title(session.start), once=spent, notes=told
    )
    text = compose(write_marker(marker), shown)
    if issue is None:
        return OpenIssue(key, once, Absent(key), marker.title, text, labels)
    expects = Present(issue.state, now)
    if ends:
        return CloseIssue(key, issue.number, once, expects, text, "completed")
    if before and before.notes == told and _same(issue.body, text):
        return None
    return EditIssue(key, issue.number, once, expects, text)


def _same(body: str, text: str) -> bool:
    """Whether the issue says this already, whatever people ticked."""
    return section(body) == section(text)


def first_of(issues: Sequence[Issue], key: str) -> Issue | None:
    """The issue of a session: the lowest that is no duplicate."""
    ours = [i for i in issues if i.marker and i.marker.key == key and i.state_reason != "duplicate"]
    return min(ours, key=lambda issue: issue.number, default=None)
