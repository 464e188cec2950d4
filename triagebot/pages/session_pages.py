"""The report of a session as Markdown and HTML: what was chosen and why, what ran, what is proven, gates, causes, what comes next.

In: a session, gates as they stand, the next step. Out: texts by file name. Every outside text goes through `triagebot.markdown`, or through
the templates, whose output is escaped. Causes are named with the file of their issue, which holds their five whys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triagebot.config.amounts import duration_text
from triagebot.markdown import Markdown, bullets, code, fill, heading, inline, link, paragraphs, table, words
from triagebot.pages.html_pages import page
from triagebot.sessions import CauseSeen, GateSeen, Ran, Session


@dataclass(frozen=True, slots=True)
class CauseOfSession:
    """A cause over all runs of a session; `file` is the name of its issue's page, "" where it is not filed."""

    title: str
    priority: str
    issue: int
    tests: int
    runs: int
    risk: str
    file: str


def session_files(session: Session, gates: Sequence[GateSeen], step: str, command: str) -> dict[str, str]:
    """session.md and session.html."""
    causes = causes_of(session)
    facts = facts_of(session)
    next_ = [line for line in (step, command) if line]
    lines = [run_lines(ran) for ran in session.runs]
    values = {
        "session": session,
        "facts": facts,
        "gates": gates,
        "causes": causes,
        "next": next_,
        "told": lines,
    }
    return {
        "session.md": str(_markdown(session, facts, gates, causes, next_, lines)),
        "session.html": page("session.html.j2", **values),
    }


def facts_of(session: Session) -> list[tuple[str, str]]:
    """What the session was, in pairs of words."""
    start, last = session.start, session.last
    proven = (
        f"{session.closed.proven} of {session.closed.known} known tests"
        if session.closed
        else f"{last.proven} of {last.known} known tests"
        if last
        else "no run"
    )
    target = f"; {start.target} were to be" if start.target else ""
    closed = session.closed
    ended = (
        f"{closed.at:%Y-%m-%d %H:%M} UTC{f', by force: {closed.forced}' if closed.forced else ''}"
        if closed
        else "not closed"
    )
    pairs = [
        ("Session", start.id),
        ("Mission", start.mission),
        ("Started", f"{start.at:%Y-%m-%d %H:%M} UTC"),
        ("Ended", ended),
        ("Environment", ", ".join(filter(None, (start.environment, start.branch)))),
        (
            "Revision",
            ", ".join(dict.fromkeys(filter(None, (start.revision, *(ran.revision for ran in session.runs))))),
        ),
        *start.urls,
        ("Proven", proven + target),
        (
            "Runs",
            f"{len(session.runs)}{f' and {session.dropped} that are told no longer' if session.dropped else ''}",
        ),
        (
            "At risk",
            "; ".join(
                dict.fromkeys(cause.risk for ran in session.runs for cause in ran.causes if cause.risk)
            ),
        ),
    ]
    return [(name, value) for name, value in pairs if value]


def causes_of(session: Session) -> list[CauseOfSession]:
    """Every cause that a run showed, the most urgent first."""
    seen: dict[str, list[CauseSeen]] = {}
    for ran in session.runs:
        for cause in ran.causes:
            seen.setdefault(f"#{cause.issue}" if cause.issue else cause.title, []).append(cause)
    found = [_cause(some) for some in seen.values()]
    return sorted(found, key=lambda cause: (cause.priority, -cause.tests, cause.title))


def _cause(some: Sequence[CauseSeen]) -> CauseOfSession:
    """One cause over its runs."""
    last = some[-1]
    file = f"issue-{last.issue:04d}.md" if last.issue else ""
    return CauseOfSession(
        last.title, last.priority, last.issue, max(c.tests for c in some), len(some), last.risk, file
    )


def run_lines(ran: Ran) -> list[str]:
    """What one run showed, in sentences."""
    took = f" in {duration_text(ran.seconds)}" if ran.seconds is not None else ""
    stopped = "" if ran.complete else "; it was stopped or contradicts itself, so that it proves nothing more"
    unproven = f" ({ran.unproven} of them unproven)" if ran.unproven else ""
    lines = [
        f"{ran.passed} passed{unproven}, {ran.failed} failed, {ran.skipped} skipped of {ran.total}{took}{stopped}"
    ]
    lines += [f"Revision {ran.revision}"] if ran.revision else []
    lines += [f"Command: {ran.command}"] if ran.command else []
    lines += [
        f"{f'#{c.issue}' if c.issue else 'Not filed'}: {c.title} ({c.state}, {c.priority}, {c.tests} tests{f', {c.risk}' if c.risk else ''})"
        for c in ran.causes
    ]
    lines += [f"and {ran.more_causes} more causes"] if ran.more_causes else []
    lines += [f"Gate {gate.name} {'open' if gate.open else 'held'}: {gate.why}" for gate in ran.gates]
    return [*lines, *ran.doubts, *ran.real, *([f"Next: {ran.why_next}"] if ran.why_next else [])]


def _markdown(
    session: Session,
    facts: Sequence[tuple[str, str]],
    gates: Sequence[GateSeen],
    causes: Sequence[CauseOfSession],
    next_: Sequence[str],
    lines: Sequence[Sequence[str]],
) -> Markdown:
    """The report as Markdown."""
    held = [
        fill("**{}** {}", inline(f"{g.name}: {'open' if g.open else 'held'}"), inline(g.why, 600))
        for g in gates
    ]
    return Markdown(
        paragraphs(
            heading(1, fill("Session: {}", inline(session.start.focus, 200))),
            table(
                (words("What"), words("How it is")),
                [(inline(name), inline(value, 400)) for name, value in facts],
            ),
            heading(2, words("Gates")),
            bullets(held) if held else words("No gate is configured."),
            heading(2, words("Next")),
            bullets(code(line, 1000) if line.startswith("pytest ") else inline(line, 600) for line in next_)
            if next_
            else words("Nothing."),
            heading(2, words("Causes by priority")),
            _causes(causes),
            heading(2, words("What was chosen")),
            _chosen(session),
            heading(2, words("Criteria of success")),
            bullets(inline(text, 400) for text in session.start.criteria)
            if session.start.criteria
            else words("None is configured."),
            heading(2, words("What ran")),
            *(part for ran, told_ in zip(session.runs, lines, strict=True) for part in _ran(ran, told_)),
        )
        + "\n"
    )


def _causes(causes: Sequence[CauseOfSession]) -> Markdown:
    """Causes as a table."""
    if not causes:
        return words("No run of this session showed a cause.")
    head = [words(name) for name in ("What broke", "Issue", "Priority", "Tests", "Runs", "At risk")]
    rows = [
        [
            inline(c.title, 200),
            Markdown(f"[#{int(c.issue)}]({c.file})") if c.file else words("not filed"),
            inline(c.priority),
            inline(str(c.tests)),
            inline(str(c.runs)),
            inline(c.risk, 160),
        ]
        for c in causes
    ]
    return table(head, rows)


def _chosen(session: Session) -> Markdown:
    """What was chosen as a table."""
    if not session.start.suites:
        return words("No suite is configured.")
    head = [words(name) for name in ("Phase", "Suite", "Priority", "Tests", "Proven then", "At risk", "Why")]
    rows = [
        [
            inline(text, 200)
            for text in (e.phase, e.suite, e.priority, str(e.tests), str(e.proven), e.risk, e.why)
        ]
        for e in session.start.suites
    ]
    return table(head, rows)


def _ran(ran: Ran, lines: Sequence[str]) -> Iterable[Markdown]:
    """One run under its heading."""
    where = link("its page", ran.url) if ran.url else Markdown("")
    yield heading(
        3, fill("{} UTC, run {} {}", inline(f"{ran.logged:%Y-%m-%d %H:%M}"), code(ran.run, 60), where)
    )
    yield bullets(inline(line, 600) for line in lines)
