"""A session as the parts of its issue: what it is for, gates, what to run now, what was chosen, the log with older lines in a fold."""

from collections.abc import Iterable

from triagebot.config.amounts import duration_text
from triagebot.markdown import (
    Markdown,
    block,
    bullets,
    code,
    fill,
    fold,
    heading,
    inline,
    join,
    paragraphs,
    table,
    words,
)
from triagebot.sessions.model import Chosen, Ran, Session, Start

IN_SIGHT = 5
_NOTHING = Markdown("")


def title(start: Start) -> str:
    """The title of a session's issue."""
    where = f" on {start.environment}" if start.environment else ""
    return f"Session: {start.focus[:120]}{where}, since {moment(start)}"


def moment(start: Start) -> str:
    """When it began."""
    return f"{start.at:%Y-%m-%d %H:%M} UTC"


def parts(session: Session, *, open_: bool) -> dict[str, str]:
    """The named parts of the issue's section."""
    named = {
        "session": _head(session, open_=open_),
        "gates": _gates(session, open_=open_),
        "next": _next(session, open_=open_),
        "plan": _plan(session.start),
        "criteria": _criteria(session.start),
        "log": _log(session),
    }
    return {name: str(text) for name, text in named.items() if text}


def _head(session: Session, *, open_: bool) -> Markdown:
    """What the session is for, and how far it is."""
    start, last = session.start, session.last
    counted = last if open_ else session.closed or last
    of = f" of {start.target}" if start.target else f" of {counted.known} known" if counted else ""
    facts = [
        ("Session", code(start.id, 120)),
        ("Started", inline(moment(start))),
        ("State", inline(_state(session, open_=open_))),
        ("Mission", inline(start.mission, 300)),
        ("Environment", inline(", ".join(filter(None, (start.environment, start.branch))), 200)),
        ("Revision", inline((last.revision if last and last.revision else start.revision), 120)),
        *((name[:40], code(address, 200)) for name, address in start.urls),
        ("Proven", inline(f"{counted.proven}{of} tests") if counted else _NOTHING),
        ("At risk", inline("; ".join(dict.fromkeys(each.risk for each in start.suites if each.risk)), 400)),
    ]
    rows = [(inline(name), text) for name, text in facts if text]
    return paragraphs(
        fill("**{}**", inline(start.focus, 200)), table((words("What"), words("How it is")), rows)
    )


def _state(session: Session, *, open_: bool) -> str:
    """Whether it goes on."""
    if session.closed and not open_:
        forced = f" by force: {session.closed.forced}" if session.closed.forced else ""
        return f"closed {session.closed.at:%Y-%m-%d %H:%M} UTC{forced}"
    if not open_:
        return "closed by a person"
    runs = len(session.runs) + session.dropped
    return f"open, {runs} run{'s' * (runs != 1)}"


def _gates(session: Session, *, open_: bool) -> Markdown:
    """What the gates said last."""
    ended = session.closed if session.closed and not open_ else None
    found = ended.gates if ended else session.last.gates if session.last else ()
    if not found:
        return bullets(inline(name, 300) for name in session.start.gates) if session.start.gates else _NOTHING
    lines = [
        fill("{} **{}** {}", words("✅" if g.open else "⛔"), inline(g.name), inline(g.why, 400))
        for g in found
    ]
    return paragraphs(heading(3, words("Gates")), bullets(lines))


def _next(session: Session, *, open_: bool) -> Markdown:
    """What to run now."""
    if not open_ or not session.last or not session.last.why_next:
        return _NOTHING
    command = block(session.last.next) if session.last.next else _NOTHING
    return paragraphs(heading(3, words("Next")), inline(session.last.why_next, 500), command)


def _plan(start: Start) -> Markdown:
    """What was chosen, by phase."""
    if not start.suites:
        return _NOTHING
    head = [words(name) for name in ("Phase", "Suite", "Priority", "Tests", "Proven then", "At risk", "Why")]
    return paragraphs(heading(3, words("Chosen")), table(head, [_chosen(each) for each in start.suites]))


def _chosen(each: Chosen) -> list[Markdown]:
    """One suite as cells."""
    counts = (inline(str(each.tests)), inline(str(each.proven)))
    return [
        inline(each.phase, 60),
        inline(each.suite, 80),
        inline(each.priority),
        *counts,
        inline(each.risk, 120),
        inline(each.why, 200),
    ]


def _criteria(start: Start) -> Markdown:
    """What must hold."""
    if not start.criteria:
        return _NOTHING
    return fold("Criteria of success", bullets(inline(text, 300) for text in start.criteria))


def _log(session: Session) -> Markdown:
    """Every run, the newest first; older ones in a fold, and how many do not fit any more."""
    newest = session.runs[::-1]
    shown = [run_line(ran) for ran in newest[:IN_SIGHT]]
    older = [short_line(ran) for ran in newest[IN_SIGHT:]]
    gone = session.dropped
    rest = (
        [
            fill(
                "*{} older runs do not fit here any more; history has them where one is kept.*",
                inline(str(gone)),
            )
        ]
        if gone
        else []
    )
    text = paragraphs(*([bullets(older)] if older else []), *rest)
    return paragraphs(
        heading(3, words("Log")),
        paragraphs(*shown) if shown else words("No run yet."),
        fold(f"{len(older) + gone} older runs", text) if older or gone else _NOTHING,
    )


def short_line(ran: Ran) -> Markdown:
    """A run in one line: when, what, how it ended."""
    took = f" in {duration_text(ran.seconds)}" if ran.seconds is not None else ""
    stopped = "" if ran.complete else ", stopped early"
    unproven = f", {ran.unproven} unproven" if ran.unproven else ""
    where = f" on {ran.revision}" if ran.revision else ""
    said = f"{ran.passed} passed{unproven}, {ran.failed} failed, {ran.skipped} skipped of {ran.total}{took}{stopped}{where}"
    causes = len(ran.causes) + ran.more_causes
    said += f"; {causes} cause{'s' * (causes != 1)}" if causes else ""
    return fill("**{}** {} {}", inline(f"{ran.logged:%m-%d %H:%M} UTC"), code(ran.run, 60), inline(said, 300))


def run_line(ran: Ran) -> Markdown:
    """A run with all that it showed."""
    details = [
        fill("Command: {}", code(ran.command, 300)) if ran.command else _NOTHING,
        *_causes(ran),
        *(
            fill("Gate {} {}", inline(f"{g.name}: {'open' if g.open else 'held'}:"), inline(g.why, 300))
            for g in ran.gates
        ),
        *(inline(said, 400) for said in (*ran.doubts, *ran.real)),
    ]
    return paragraphs(
        short_line(ran), bullets([line for line in details if line]) if any(details) else _NOTHING
    )


def _causes(ran: Ran) -> Iterable[Markdown]:
    """The causes of a run with their issues."""
    for cause in ran.causes:
        issue = Markdown(f"#{int(cause.issue)}") if cause.issue else words("not filed")
        count = f"{cause.tests} test{'s' * (cause.tests != 1)}"
        said = inline(f"({', '.join(filter(None, (cause.state, cause.priority, count, cause.risk)))})", 300)
        yield join([issue, inline(cause.title, 160), said], " ")
    if ran.more_causes:
        yield inline(f"and {ran.more_causes} more causes")
