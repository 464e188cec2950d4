"""What a board says in words, the same on a terminal, in the dashboard issue and on the page. Nothing here is escaped."""

from triagebot.boards.model import Board, BoardCause, HeldCause, Mean, Pulse, Total, Week
from triagebot.groups.impact import amount_text, risk_text
from triagebot.markdown import plain
from triagebot.reports.model import Scope

SHORT_STRIP = 14
_RISK = 80
"""Characters of a risk in an issue's title."""


def scope_text(scope: Scope) -> str:
    """A scope in words."""
    return ", ".join(filter(None, (scope.environment, scope.branch))) or "no named environment or branch"


def strip_text(cause: BoardCause, runs: int = SHORT_STRIP) -> str:
    """The last runs as marks, oldest first; "" where none is known."""
    return "".join(seen.mark for seen in cause.strip[-runs:])


def age_text(cause: BoardCause) -> str:
    """How long it has been there."""
    if cause.age_days is None:
        return "not known"
    return "today" if not cause.age_days else f"{cause.age_days} day{'s' * (cause.age_days != 1)}"


def what_broke(cause: BoardCause) -> str:
    """The title without what stands beside it anyway: the priority in front, and a risk at the end."""
    title = cause.title.removeprefix(f"[{cause.priority}] ")
    ends = (f"{sep}{plain(risk_text(risk), _RISK)}" for risk in cause.risks for sep in (", ", ": "))
    return next((bare for end in ends if (bare := title.removesuffix(end)) != title and bare), title)


def risk_words(cause: BoardCause) -> str:
    """What is at risk, every risk in words."""
    return "; ".join(map(risk_text, cause.risks))


def first_risk(cause: BoardCause) -> str:
    """The first risk in words, and how many more there are."""
    more = len(cause.risks) - 1
    return risk_words(cause) if more < 1 else f"{risk_text(cause.risks[0])} and {more} more"


def rate_text(cause: BoardCause) -> str:
    """How often it failed."""
    return f"{len(cause.rate.failed)} of {len(cause.rate.ran)} runs" if cause.rate.ran else "not known"


def trend_text(weeks: tuple[Week, ...]) -> str:
    """Failed of all runs in each of the last four weeks, and where that leads."""
    told = " ".join(f"{len(week.failed)}/{len(week.runs)}" for week in weeks)
    return f"{told} {trend_word(weeks)}"


def trend_word(weeks: tuple[Week, ...]) -> str:
    """Whether it fails in a greater share of runs in the last two weeks than in the two before; "" where nobody can say."""
    shares = []
    for some in (weeks[:2], weeks[2:]):
        runs = sum(len(week.runs) for week in some)
        shares.append(sum(len(week.failed) for week in some) / runs if runs else None)
    before, now = shares
    if before is None or now is None:
        return ""
    return "rising" if now > before else "falling" if now < before else "steady"


def total_text(total: Total) -> str:
    """A total in words: `$180K MRR`."""
    return amount_text(total.amount, total.unit)


def headline(board: Board) -> str:
    """The whole board in a sentence."""
    count = len(board.open)
    urgent = sum(cause.priority == "P1" for cause in board.open)
    risk = ", ".join(map(total_text, board.totals))
    parts = [
        f"{count} open cause{'s' * (count != 1)}" if count else "Nothing is broken",
        f"{urgent} of them P1" if urgent else "",
        f"{risk} at risk" if risk else "",
        f"{len(board.held)} held" if board.held else "",
    ]
    return ", ".join(filter(None, parts)) + "."


def proof_text(cause: BoardCause) -> str:
    """How far the proof of its end is."""
    if cause.needed is None:
        return f"{cause.clean} clean runs; {cause.why_not_closed or 'a person closes it'}"
    return f"{cause.clean} of {cause.needed} clean runs"


def held_text(held: HeldCause, reason: str = "") -> str:
    """Where a key was seen that has no issue, as far as history tells, and why it has none."""
    count = len(held.runs)
    seen = f"{count} run{'s' * (count != 1)} in {scope_text(held.scope)}: " if count else ""
    return f"{seen}{reason or held.reason}"


def pulse_text(pulse: Pulse) -> str:
    """When a scope was last heard of."""
    last = f"last run {pulse.last:%Y-%m-%d %H:%M} UTC" if pulse.last else "no run"
    return f"{'SILENT, ' if pulse.silent else ''}{last}, {pulse.green} of {pulse.runs} runs green"


def mean_text(mean: Mean, what: str) -> str:
    """A mean in words; "" where there is nothing to tell."""
    if mean.hours is None:
        return ""
    took = f"{mean.hours:g} hours" if mean.hours < 48 else f"{mean.hours / 24:.1f} days"
    return f"{what}: {took} on average, over {len(mean.issues)} issue{'s' * (len(mean.issues) != 1)}"


def drafts_text(board: Board) -> str:
    """How drafts fared; "" without any."""
    drafts = board.drafts
    if not drafts.drafts:
        return ""
    told = f"{len(drafts.accepted)} of {len(drafts.drafts)} drafts accepted as drafted"
    if drafts.interval is None:
        return f"{told}, too few to tell a share"
    low, high = (round(100 * end) for end in drafts.interval)
    return f"{told} ({low} to {high} % with 95 % confidence)"
