"""A project as it was read, beside the board: what is added, set, obeyed and said to be lacking; a table of judgements."""

from dataclasses import replace

import pytest

from tests.boards.values import NOW, board, cause
from triagebot.boards.project_cards import (
    Card,
    Field,
    Project,
    missing,
    moves,
    settings,
    unknown,
    what_is_missing,
)

COLUMNS = {name: f"o-{name}" for name in ("draft", "confirmed", "rejected", "needs evidence", "in progress")}
FIELDS = {
    "status": Field("f1", "Status", "SINGLE_SELECT", COLUMNS),
    "priority": Field("f2", "Priority", "SINGLE_SELECT", {"p1": "o-p1", "p2": "o-p2"}),
    "area": Field("f3", "Area", "TEXT", {}),
    "at risk": Field("f4", "At risk", "NUMBER", {}),
    "last seen": Field("f5", "Last seen", "DATE", {}),
}
ONE = replace(board(0), open=(cause(1),))


def ours(login: str) -> bool:
    return login == "triagebot[bot]"


def project(*cards: Card, fields=FIELDS) -> Project:
    return Project("p", "Staging", True, fields, {card.issue: card for card in cards})


def card(column: str = "", who: str = "ada", **more) -> Card:
    return replace(Card("c", 1, False, {"Status": column} if column else {}, who, NOW), **more)


MOVES = {
    "into the column it means": (card("Draft"), ()),
    "confirmed": (card("Confirmed"), ("accept",)),
    "in other letters": (card("confirmed"), ("accept",)),
    "rejected": (card("Rejected"), ("reject",)),
    "needs evidence": (card("Needs evidence"), ("needs-evidence",)),
    "a column of theirs": (card("In progress"), ()),
    "no column": (card(), ()),
    "by us": (card("Confirmed", "triagebot[bot]"), ()),
    "by nobody knows whom": (card("Confirmed", ""), ()),
    "archived": (card("Confirmed", archived=True), ()),
    "another issue": (card("Confirmed", issue=9), ()),
}


@pytest.mark.parametrize(("there", "verbs"), MOVES.values(), ids=MOVES)
def test_a_move_of_a_person_into_a_column_that_means_another_state_is_a_command(there, verbs):
    found = moves(project(there), ONE, ours)
    assert tuple(move.verb for move in found) == verbs
    assert all((move.issue, move.who, move.at) == (1, "ada", NOW) for move in found)


def test_a_card_moved_back_asks_for_a_new_draft():
    confirmed = replace(ONE, open=(replace(cause(1), review="confirmed"),))
    assert [move.verb for move in moves(project(card("Draft")), confirmed, ours)] == ["redraft"]


def test_what_has_no_card_is_added_and_nothing_is_set_on_it_before():
    assert missing(project(), ONE) == (1,)
    assert missing(project(card()), ONE) == ()
    assert settings(project(), {}, ONE, ours) == ()


def test_fields_that_differ_are_set_as_their_kind_takes_them():
    found = settings(project(card()), {1: card()}, ONE, ours)
    assert {setting.field: dict(setting.value) for setting in found} == {
        "f1": {"singleSelectOptionId": "o-draft"},
        "f2": {"singleSelectOptionId": "o-p2"},
        "f3": {"text": "agents"},
        "f5": {"date": "2026-11-20"},
    }  # "At risk" is a number there, which takes no words


def test_what_a_card_says_already_is_not_set_again():
    values = {"Status": "DRAFT", "Priority": "P2", "Area": "agents", "Last seen": "2026-11-20"}
    assert settings(project(), {1: card(values=values)}, ONE, ours) == ()


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        (card("In progress"), True),
        (card("In progress", "triagebot[bot]"), False),
        (card("In progress", "other[bot]"), False),
        (card("In progress", ""), False),
        (card("Confirmed"), False),
    ],
)
def test_a_column_that_people_keep_for_themselves_is_left_alone(there, kept):
    fields = [setting.field for setting in settings(project(there), {1: there}, ONE, ours)]
    assert ("f1" not in fields) == kept


def test_an_archived_card_and_a_field_that_is_not_there_are_left_alone():
    assert settings(project(), {1: card(archived=True)}, ONE, ours) == ()
    assert settings(project(fields={}), {1: card()}, ONE, ours) == ()


def test_dates_are_written_into_the_field_of_the_last_seen_only():
    fields = {"area": replace(FIELDS["area"], kind="DATE")}
    assert settings(project(fields=fields), {1: card()}, ONE, ours) == ()


def test_what_a_project_lacks_is_said_in_one_sentence():
    some = {
        "status": replace(FIELDS["status"], options={}),
        "priority": replace(FIELDS["priority"], options={}),
    }
    lacking = unknown(project(fields=some), ONE)
    assert lacking == (
        "a field 'Area'",
        "a field 'At risk'",
        "a field 'Last seen'",
        "an option 'Draft' of 'Status'",
        "an option 'P2' of 'Priority'",
    )
    assert what_is_missing(lacking) == (
        "The project lacks a field 'Area', a field 'At risk', a field 'Last seen', an option 'Draft' of 'Status', "
        "an option 'P2' of 'Priority': that is not shown there."
    )
    assert what_is_missing([*lacking, "a", "b"]).endswith("'Priority' and 2 more: that is not shown there.")
    assert (unknown(project(), ONE), what_is_missing(())) == ((), "")
