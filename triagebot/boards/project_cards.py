"""A GitHub Project that people made, beside the board: what cards are missing, which fields to set, which moves of people are commands.

In: a project as it was read, a board. Out: values that say what to add, to set and to obey. A column or field that people keep for
themselves is left alone, and so is a card that they archived. Nothing here asks GitHub anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from triagebot.boards.model import Board, BoardCause, Review
from triagebot.boards.words import risk_words
from triagebot.markdown import plain
from triagebot.reviews.grammar import Verb

STATUS, PRIORITY, AREA, RISK, SEEN = FIELDS = ("Status", "Priority", "Area", "At risk", "Last seen")
COLUMNS: dict[str, Review] = {
    "draft": "draft",
    "confirmed": "confirmed",
    "rejected": "rejected",
    "needs evidence": "needs-evidence",
}
"""Columns, in lower case, and the state of the review that they mean."""
_VERBS: dict[Review, Verb] = {
    "draft": "redraft",
    "confirmed": "accept",
    "rejected": "reject",
    "needs-evidence": "needs-evidence",
}
_CHARS = 200

Value = str | float


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the project. `options` are ids by name in lower case, of a field with columns."""

    id: str
    name: str
    kind: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Card:
    """An issue on the project. `values` by the name of the field; `who` set the column, `at` that time; "" and None where unknown."""

    id: str
    issue: int
    archived: bool
    values: Mapping[str, Value]
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it stands. `fields` by name in lower case, `cards` by the number of their issue."""

    id: str
    title: str
    writable: bool
    fields: Mapping[str, Field]
    cards: Mapping[int, Card]


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of one card to be written: `value` as GraphQL takes it, under the name of its kind."""

    card: str
    field: str
    value: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Move:
    """A card that a person put into another column, and the command that this is."""

    issue: int
    verb: Verb
    who: str
    at: datetime | None
    column: str


def moves(project: Project, board: Board, is_ours: Callable[[str], bool]) -> tuple[Move, ...]:
    """The moves of people that ask for something: into a column that means another state than the issue has."""
    found = []
    for cause in board.open:
        card = project.cards.get(cause.issue)
        column = str(card.values.get(STATUS, "")) if card else ""
        meant = COLUMNS.get(column.lower())
        if card is None or card.archived or meant is None or meant == _meant(cause):
            continue
        if card.who and not is_ours(card.who):
            found.append(Move(cause.issue, _VERBS[meant], card.who, card.at, column))
    return tuple(found)


def missing(project: Project, board: Board) -> tuple[int, ...]:
    """The issues of open causes that have no card."""
    return tuple(cause.issue for cause in board.open if cause.issue not in project.cards)


def settings(
    project: Project, cards: Mapping[int, Card], board: Board, is_ours: Callable[[str], bool]
) -> tuple[Setting, ...]:
    """The values that differ from the board's. `cards` are those of the project and the new ones."""
    found = []
    for cause in board.open:
        card = cards.get(cause.issue)
        if card is None or card.archived:
            continue
        for name, told in _values(cause).items():
            field = project.fields.get(name.lower())
            if field is None or (name == STATUS and _is_theirs(card, is_ours)):
                continue
            value = _as_kind(field, told)
            if value is not None and not _same(card.values.get(name), told, field):
                found.append(Setting(card.id, field.id, value))
    return tuple(found)


def unknown(project: Project, board: Board) -> tuple[str, ...]:
    """What the project lacks, in words: fields, and options of fields that the board has values for."""
    lacking = [f"a field {name!r}" for name in FIELDS if name.lower() not in project.fields]
    options: dict[str, None] = {}
    for cause in board.open:
        for name, told in _values(cause).items():
            field = project.fields.get(name.lower())
            if field and field.kind == "SINGLE_SELECT" and str(told).lower() not in field.options:
                options[f"an option {plain(str(told), 40)!r} of {name!r}"] = None
    return (*lacking, *options)


def _meant(cause: BoardCause) -> Review:
    """The state of the review that a column can mean."""
    return "draft" if cause.review == "not drafted" else cause.review


def _values(cause: BoardCause) -> dict[str, Value]:
    """What the fields of a card should say; nothing for what nobody knows."""
    column = next(name for name, review in COLUMNS.items() if review == _meant(cause))
    told: dict[str, Value] = {
        STATUS: column.capitalize(),
        PRIORITY: cause.priority,
        AREA: cause.area,
        RISK: risk_words(cause),
        SEEN: f"{cause.last:%Y-%m-%d}" if cause.last else "",
    }
    return {name: plain(str(value), _CHARS) for name, value in told.items() if value}


def _is_theirs(card: Card, is_ours: Callable[[str], bool]) -> bool:
    """Whether a person put the card into a column that means nothing to us: "In progress" stays."""
    column = str(card.values.get(STATUS, "")).lower()
    bot = card.who.endswith("[bot]")
    return bool(column) and column not in COLUMNS and bool(card.who) and not bot and not is_ours(card.who)


def _as_kind(field: Field, told: Value) -> Mapping[str, Value] | None:
    """A value as a field of this kind takes it; None where it does not."""
    match field.kind:
        case "SINGLE_SELECT":
            option = field.options.get(str(told).lower())
            return {"singleSelectOptionId": option} if option else None
        case "TEXT":
            return {"text": str(told)}
        case "DATE":
            return {"date": str(told)} if field.name.lower() == SEEN.lower() else None
        case _:
            return None


def _same(there: Value | None, told: Value, field: Field) -> bool:
    """Whether a card says so already."""
    if there is None:
        return False
    return (
        str(there).lower() == str(told).lower() if field.kind == "SINGLE_SELECT" else str(there) == str(told)
    )


def what_is_missing(lacking: Iterable[str]) -> str:
    """What the project lacks, in a sentence; "" for nothing."""
    some = [*lacking]
    more = f" and {len(some) - 5} more" if len(some) > 5 else ""
    return f"The project lacks {', '.join(some[:5])}{more}: that is not shown there." if some else ""
