"""The dashboard issue: the board as the bot's part of one issue, within what GitHub takes, with boxes that people tick.

In: a board, the dashboard as it stands (None before it is opened), what came of its boxes. Out: the change that it needs, or None.
It says the same twice for the same board. Every outside text goes through `triagebot.markdown`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from urllib.parse import quote_plus

from triagebot.boards import boxes
from triagebot.boards.model import MARKS, Board, BoardCause, Pulse
from triagebot.boards.words import (
    age_text,
    drafts_text,
    first_risk,
    headline,
    held_text,
    mean_text,
    proof_text,
    pulse_text,
    scope_text,
    strip_text,
    what_broke,
)
from triagebot.config import Config
from triagebot.issues import Act, Issue, Marker, compose, section_hash, splice, write_marker
from triagebot.issues.model import DASHBOARD
from triagebot.issues.revisions import plain
from triagebot.issues.section import section
from triagebot.markdown import (
    Markdown,
    bullets,
    code,
    fill,
    heading,
    inline,
    join,
    link,
    paragraphs,
    reference,
    table,
    words,
)
from triagebot.plans.labels import PRIORITIES, state_label
from triagebot.plans.model import Absent, CloseIssue, EditIssue, OpenIssue, Present

KEY = DASHBOARD

TITLE = "Dashboard of triagebot"
MAX_CHARS = 65_536
_SPARE = 600
_MOST_BOXES = 30
_SHORTEST = 60
"""Characters of the shortest row: no more of them can fit."""
_NOTHING = Markdown("")


@dataclass(frozen=True, slots=True)
class DashboardMemory:
    """What stands on the dashboard beside the board: who paused filing, and what came of boxes.

    `acts` are the words of people on pausing, `waiting` keys that are to be filed, with who asked; `notes` what came of a box by
    its name, `done` lines of what was done, oldest first, `reasons` why keys are held.
    """

    acts: tuple[Act, ...] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    unpinned: str = ""

    @property
    def pause(self) -> Act | None:
        """Who paused filing, while it is paused."""
        return self.acts[-1] if self.acts and self.acts[-1].verb == "pause" else None


def memory_of(marker: Marker) -> DashboardMemory:
    """What the marker of a dashboard remembers."""
    kept: dict[str, dict[str, str]] = {"file": {}, "box": {}, "held": {}, "pin": {}}
    done = []
    for name, text in marker.notes:
        kind, _, about = name.partition(" ")
        if kind == "done":
            done.append(text)
        elif kind in kept:
            kept[kind][about] = text
    return DashboardMemory(
        marker.acts, kept["file"], kept["box"], tuple(done), kept["held"], kept["pin"].get("", "")
    )


def paused(marker: Marker | None, number: int) -> str:
    """Why nothing is filed, in a sentence; "" while filing goes on."""
    act = memory_of(marker).pause if marker else None
    if act is None:
        return ""
    return f"filing is paused by {act.who} since {act.at:%Y-%m-%d %H:%M} UTC, until the box on issue {number} is unticked"


def _remembered(marker: Marker, memory: DashboardMemory) -> Marker:
    """The marker with all that the memory holds."""
    notes = [
        *((f"file {key}", text) for key, text in memory.waiting.items()),
        *((f"held {key}", text[:200]) for key, text in [*memory.reasons.items()][:40]),
        *((f"box {name}", text[:200]) for name, text in [*memory.notes.items()][-20:]),
        *((f"pin {''}", text[:200]) for text in [memory.unpinned] if text),
        *(("done", text[:200]) for text in memory.done[-8:]),
    ]
    return replace(marker, acts=memory.acts[-6:], notes=tuple(notes))


def dashboard_change(
    there: Issue | None, board: Board, memory: DashboardMemory, config: Config, home: str
) -> OpenIssue | EditIssue | None:
    """The change that brings the dashboard up to date; None where it stands as it should. `home` is the repository's page."""
    labels = (config.labels.generated, config.labels.board)
    before = there.marker if there and there.marker else Marker(KEY, 0, labels=labels, title=TITLE)
    marker = _remembered(before, memory)
    body = there.body if there else ""
    room = MAX_CHARS - _SPARE - (len(body) - len(section(body))) - len(write_marker(marker))
    text = _text(board, memory, config, home, room)
    marker = _spent(marker, text)
    new = compose(write_marker(marker), {"board": text})
    if there is None:
        return OpenIssue(KEY, marker.once[-1], Absent(KEY), TITLE, new, labels)
    if plain(splice(body, new)) == plain(body) and there.marker:
        return None
    return EditIssue(KEY, there.number, marker.once[-1], Present(there.state, section_hash(body)), new)


def duplicate_change(other: Issue, original: int) -> CloseIssue:
    """A second dashboard, which a race left, closed as the duplicate of the first."""
    marker = _spent(other.marker or Marker(KEY, 0), f"duplicate of {original}")
    text = fill("The dashboard is {}.", reference(original))
    new = compose(write_marker(marker), {"board": text})
    expects = Present(other.state, section_hash(other.body))
    return CloseIssue(KEY, other.number, marker.once[-1], expects, new, "duplicate", original)


def _spent(marker: Marker, text: str) -> Marker:
    """The marker with the once-key of this very text in place of the last one."""
    told = write_marker(replace(marker, once=())) + text
    return replace(marker, once=(hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest(),))


def _text(board: Board, memory: DashboardMemory, config: Config, home: str, room: int) -> Markdown:
    """The whole text; where it is too long, the oldest rows are left out and counted."""
    told = [(title, causes) for title, causes in _sections(board) if causes]
    dated = sorted(
        board.open, key=lambda cause: (cause.first.timestamp() if cause.first else 0.0, cause.issue)
    )
    newest = [cause.issue for cause in reversed(dated)]
    few = min(len(newest), MAX_CHARS // _SHORTEST)
    while True:
        shown = frozenset(newest[:few])
        rows = [
            _section(title, causes, shown, config, home, first=not n)
            for n, (title, causes) in enumerate(told)
        ]
        text = _paragraphs(board, memory, config, home, rows)
        if len(text) <= room or not few:
            return text
        few = min(few - 1, int(few * room / len(text)))


def _paragraphs(
    board: Board, memory: DashboardMemory, config: Config, home: str, rows: Sequence[Markdown]
) -> Markdown:
    """The text around the tables of causes."""
    owed = [cause for cause in board.open if cause.owed]
    muted = [cause for cause in board.open if cause.until]
    return paragraphs(
        fill("**{}**", inline(headline(board), 300)),
        _box_of_pause(memory),
        *rows,
        _held(board, memory),
        _boxes("Draft owed", _numbered("draft", owed), memory, "Draft it anew:", len(owed)),
        _boxes("To unmute", _numbered("unmute", muted), memory, "Unmute", len(muted)),
        _closed(board),
        _flaky(board),
        _pulses(board.scopes),
        _how_it_goes(board),
        _searches(config, home),
        _done(memory),
    )


def _sections(board: Board) -> list[tuple[str, list[BoardCause]]]:
    """The open causes by what a lead does about them, each once: the first section that fits, what is muted last."""
    found: dict[str, list[BoardCause]] = {title: [] for title in _TITLES}
    for cause in board.open:
        found[_title(cause)].append(cause)
    return [*found.items()]


_TITLES = ("Needs you", "Came back", "New this week", "Still failing", "Waiting for proof", "Muted")


def _title(cause: BoardCause) -> str:
    """The section in which a cause stands."""
    if cause.until:
        return "Muted"
    if needs_you(cause):
        return "Needs you"
    if cause.waits:
        return "Waiting for proof"
    return {"came back": "Came back", "new": "New this week"}.get(cause.state, "Still failing")


def needs_you(cause: BoardCause) -> str:
    """Why nothing goes on with a cause unless a person acts; "" where it does."""
    if cause.state == "unreadable":
        return "its marker is lost"
    if cause.review == "needs-evidence":
        return "evidence was asked for"
    if cause.unreviewed:
        return "its draft is not reviewed"
    return cause.why_not_closed if cause.waits and cause.needed is None else ""


def _section(
    title: str,
    causes: Sequence[BoardCause],
    shown: frozenset[int],
    config: Config,
    home: str,
    *,
    first: bool,
) -> Markdown:
    """One section as a table, and how many older causes there was no room for."""
    rows = [_row(cause, title) for cause in causes if cause.issue in shown]
    head = [words(name) for name in ("", "Cause", "Age", "Last runs", "At risk", "Stands")]
    left = len(causes) - len(rows)
    more = _NOTHING
    if left:
        address = search(home, f"is:open label:{_quoted(config.labels.generated)} sort:created-asc")
        more = fill(
            "{} for which there is no room here: {}",
            inline(f"… and {left} older ones"),
            link("all open issues", address),
        )
    legend = join((fill("{} {}", code(sign), inline(what)) for sign, what in MARKS.items()), ", ")
    return paragraphs(
        heading(3, inline(f"{title} ({len(causes)})")),
        table(head, rows) if rows else _NOTHING,
        fill("<sub>{}</sub>", legend) if rows and first else _NOTHING,
        more,
    )


def _row(cause: BoardCause, title: str) -> list[Markdown]:
    """One cause as cells."""
    stands = {
        "Muted": cause.until,
        "Waiting for proof": proof_text(cause),
        "Needs you": needs_you(cause),
    }.get(
        title, ", ".join(filter(None, (cause.review, f"owner {cause.owner}" if cause.owner else "no owner")))
    )
    strip = strip_text(cause)
    return [
        inline(cause.priority, 10),
        fill("{} {}", reference(cause.issue), inline(what_broke(cause), 120)),
        inline(age_text(cause)),
        code(strip) if strip else _NOTHING,
        inline(first_risk(cause), 90),
        inline(stands, 80),
    ]


def _named(cause: BoardCause) -> Markdown:
    """A cause in a line."""
    return fill("{} {}", reference(cause.issue), inline(cause.title.removeprefix(f"[{cause.priority}] "), 90))


def _box_of_pause(memory: DashboardMemory) -> Markdown:
    """The emergency stop."""
    note = memory.notes.get(boxes.PAUSE, "")
    if act := memory.pause:
        text = fill(
            "**Filing is paused** by {} since {} UTC: nothing is opened, edited or closed but this issue. Untick to go on.",
            code(act.who, 60),
            inline(f"{act.at:%Y-%m-%d %H:%M}"),
        )
    else:
        text = words("Emergency stop: tick to pause all filing.")
    return _box(boxes.PAUSE, text, note, ticked=memory.pause is not None)


def _box(name: str, text: Markdown, note: str, *, ticked: bool = False) -> Markdown:
    """One box with what came of its last tick beside it."""
    told = fill("{} *({})*", text, inline(note, 160)) if note else text
    return Markdown(f"- [{'x' if ticked else ' '}] {told} {boxes.mark(name)}")


def _numbered(verb: str, causes: Iterable[BoardCause]) -> Iterator[tuple[str, Markdown]]:
    """Boxes about issues, by their names."""
    return ((f"{verb}:{cause.issue}", _named(cause)) for cause in causes)


def _boxes(
    title: str, named: Iterable[tuple[str, Markdown]], memory: DashboardMemory, verb: str, count: int
) -> Markdown:
    """A section of boxes, the first of so many."""
    lines = [
        _box(name, join([inline(verb), text]), memory.notes.get(name, ""))
        for name, text in islice(named, _MOST_BOXES)
    ]
    more = [inline(f"… and {count - _MOST_BOXES} more")] if count > _MOST_BOXES else []
    if not lines:
        return _NOTHING
    return paragraphs(heading(3, inline(f"{title} ({count})")), Markdown("\n".join(lines)), *more)


def _held(board: Board, memory: DashboardMemory) -> Markdown:
    """What fails without an issue, and the box that files it."""
    named = []
    for held in board.held:
        reason = "waits for the next run in which it fails" if held.key in memory.waiting else ""
        text = fill("{}, {}", code(held.key, 140), inline(held_text(held, reason), 260))
        if boxes.can_be_named(f"file:{held.key}"):
            named.append((f"file:{held.key}", text))
    return _boxes("Held", named, memory, "File it:", len(named))


def _closed(board: Board) -> Markdown:
    """What was closed lately."""
    lines = [
        fill(
            "{} {}: {}",
            reference(cause.issue),
            inline(cause.title, 100),
            inline(
                f"{cause.at:%Y-%m-%d}, {f'{len(cause.proof)} clean runs proved it' if cause.proof else 'by a person'}"
            ),
        )
        for cause in board.closed[:10]
    ]
    title = heading(3, inline(f"Closed within four weeks ({len(board.closed)})"))
    return paragraphs(title, bullets(lines)) if lines else _NOTHING


def _flaky(board: Board) -> Markdown:
    """The least steady tests."""
    lines = [
        fill(
            "{}: {}",
            code(test.test, 200),
            inline(f"unsteady in {len(test.unsteady)} of {len(test.ran)} runs"),
        )
        for test in board.flaky[:10]
    ]
    title = heading(3, inline(f"Flaky tests ({len(board.flaky)})"))
    return paragraphs(title, bullets(lines)) if lines else _NOTHING


def _pulses(scopes: Sequence[Pulse]) -> Markdown:
    """When runs were last heard of."""
    lines = [inline(f"{scope_text(pulse.scope)}: {pulse_text(pulse)}", 200) for pulse in scopes[:20]]
    return paragraphs(heading(3, words("Heard of")), bullets(lines)) if lines else _NOTHING


def _how_it_goes(board: Board) -> Markdown:
    """Means and shares."""
    told = (
        mean_text(board.to_close, "From first failure to closing"),
        mean_text(board.to_review, "From first failure to review"),
        drafts_text(board),
    )
    lines = [inline(line, 200) for line in told if line]
    return paragraphs(heading(3, words("How it goes")), bullets(lines)) if lines else _NOTHING


def _searches(config: Config, home: str) -> Markdown:
    """Saved searches by priority, area and review state."""
    names = config.labels
    areas = dict.fromkeys(suite.area for suite in config.suites if suite.area)
    states = ("draft", "confirmed", "rejected", "needs-evidence")
    rows = [
        ("Priority", [(p, f"{names.priority_prefix}{p}") for p in PRIORITIES]),
        ("Area", [(area, f"{names.area_prefix}{area}"[:50]) for area in areas]),
        ("Review", [(state, state_label(state, config)) for state in states]),
    ]
    lines = []
    for title, found in rows:
        links = [
            link(name, search(home, f"is:open label:{_quoted(names.generated)} label:{_quoted(label)}"))
            for name, label in found[:30]
        ]
        lines += [fill("{}: {}", inline(title), join(links, " · "))] if links else []
    return paragraphs(heading(3, words("Searches")), bullets(lines))


def search(home: str, query: str) -> str:
    """The address of a search over the issues of a repository."""
    return f"{home}/issues?q={quote_plus(f'is:issue {query}')}"


def _quoted(label: str) -> str:
    """A label in a search."""
    return f'"{label}"' if " " in label or ":" in label else label


def _done(memory: DashboardMemory) -> Markdown:
    """What was done of late because somebody ticked a box, and that the issue could not be pinned."""
    lines = [inline(line, 200) for line in reversed(memory.done)]
    told = paragraphs(heading(3, words("Done because you ticked")), bullets(lines)) if lines else _NOTHING
    return paragraphs(told, inline(memory.unpinned, 200) if memory.unpinned else _NOTHING)


def stamp(at: datetime) -> str:
    """A moment in a note."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
