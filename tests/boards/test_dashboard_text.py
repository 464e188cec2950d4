"""The dashboard's text for boards made by hand: what stands where, that it says the same twice, and that it fits."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from tests.boards.values import HOSTILE, NOW, board, cause
from triagebot.boards import boxes
from triagebot.boards.dashboard import (
    MAX_CHARS,
    DashboardMemory,
    dashboard_change,
    duplicate_change,
    memory_of,
    needs_you,
    paused,
    search,
    stamp,
)
from triagebot.config import Config
from triagebot.issues import Act, read_marker
from triagebot.issues.model import Issue
from triagebot.issues.revisions import Revision
from triagebot.plans.model import CloseIssue, EditIssue, OpenIssue

HOME = "https://github.com/acme/shop"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NOBODY = DashboardMemory()
PAUSED = DashboardMemory(acts=(Act("pause", "ada", AT, "o"),))


def opened(shown, memory=NOBODY) -> str:
    change = dashboard_change(None, shown, memory, Config(), HOME)
    assert isinstance(change, OpenIssue)
    return change.section


def issue(body: str, number: int = 5) -> Issue:
    return Issue(number, "Dashboard of triagebot", body, "open", (), "bot", read_marker(body))


def section_of(body: str, title: str) -> str:
    return body.partition(f"### {title}")[2].partition("\n### ")[0]


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        ("Needs you", {"state": "unreadable"}),
        ("Needs you", {"review": "needs-evidence"}),
        ("Needs you", {"unreviewed": True}),
        ("Needs you", {"clean": 1, "needed": None, "why_not_closed": "its tests are gone"}),
        ("Came back", {"state": "came back"}),
        ("New this week", {"state": "new"}),
        ("Still failing", {"state": "known"}),
        ("Still failing", {"state": "flaky"}),
        ("Waiting for proof", {"clean": 2, "needed": 5}),
        ("Muted", {"until": "until it is fixed", "unreviewed": True}),
    ],
)
def test_each_cause_stands_once_in_the_section_in_which_a_lead_decides_about_it(title, changes):
    plain = {"state": "known", "unreviewed": False, "until": "", "clean": 0, "owed": False}
    one = replace(cause(1), **{**plain, **changes})
    body = opened(replace(board(0), open=(one,)))
    assert "Broken thing number 1" in section_of(body, f"{title} (1)")
    assert body.count("| P2 |") == 1


def test_nothing_is_needed_of_a_lead_for_a_cause_that_goes_its_way():
    assert needs_you(replace(cause(1), unreviewed=False)) == ""


def test_boxes_stand_for_what_is_held_owed_and_muted_with_what_came_of_them():
    shown = board(3)
    memory = DashboardMemory(
        waiting={"import-x": "ada"}, notes={"draft:2": "asked by ada"}, done=("drafted 7", "filed 8")
    )
    body = opened(shown, memory)
    assert boxes.there(body) == {boxes.PAUSE, "file:import-x", "draft:2", "unmute:3"}
    assert boxes.ticked(body) == frozenset()
    assert "waits for the next run in which it fails" in section_of(body, "Held (1)")
    assert "*(asked by ada)*" in section_of(body, "Draft owed (1)")
    done = section_of(body, "Done because you ticked")
    assert done.index("filed 8") < done.index("drafted 7")


def test_paused_filing_is_said_with_who_and_since_when_and_remembered():
    body = opened(board(1), PAUSED)
    assert "**Filing is paused** by `ada` since 2026-11-20 09:30 UTC" in body
    assert boxes.ticked(body) == {boxes.PAUSE}
    why = "filing is paused by ada since 2026-11-20 09:30 UTC, until the box on issue 5 is unticked"
    assert paused(read_marker(body), 5) == why
    assert paused(read_marker(opened(board(1))), 5) == paused(None, 5) == ""


def test_what_the_desk_holds_is_read_back_from_the_marker():
    memory = replace(
        PAUSED,
        waiting={"import-x": "ada"},
        notes={"draft:2": "asked"},
        done=("drafted 7",),
        reasons={"k": "over the cap"},
        unpinned="it could not be pinned",
    )
    body = opened(board(2), memory)
    assert memory_of(read_marker(body)) == memory
    assert "it could not be pinned" in body


def test_the_same_board_changes_nothing_and_another_one_edits():
    there = issue(opened(board(3)))
    assert dashboard_change(there, board(3), DashboardMemory(), Config(), HOME) is None
    change = dashboard_change(there, board(4), DashboardMemory(), Config(), HOME)
    assert isinstance(change, EditIssue)
    assert "Broken thing number 4" in change.section


def test_a_second_dashboard_is_closed_as_the_duplicate_of_the_first():
    change = duplicate_change(issue(opened(board(1)), 9), 5)
    assert isinstance(change, CloseIssue)
    assert (change.issue, change.state_reason, change.duplicate_of) == (9, "duplicate", 5)
    assert "The dashboard is #5." in change.section


@pytest.mark.parametrize("count", [0, 1, 400, 3_000])
def test_the_text_fits_the_newest_stay_and_what_is_left_out_is_counted(count):
    every = tuple(
        replace(cause(n, runs=14), first=None if n == 1 else AT.replace(year=2026 - n % 20), until="")
        for n in range(1, count + 1)
    )
    body = opened(replace(board(0), open=every))
    assert len(body) <= MAX_CHARS
    rows = body.count("Broken thing number ")
    left = sum(int(part.split()[0]) for part in body.split("… and ")[1:] if "older ones" in part[:40])
    owed = sum(c.owed for c in every)
    assert rows - min(owed, 30) + left == count


def test_hostile_text_in_every_field_is_text():
    body = opened(board(3, text=HOSTILE))
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    markup = [
        each.content
        for token in tokens
        for each in (token, *(token.children or ()))
        if each.type in {"html_block", "html_inline"}
    ]
    assert all(re.fullmatch(r"(?s)\s*(<!--.*?-->\s*)+|</?sub>", text) for text in markup), markup
    assert "\u202e" not in body
    assert boxes.there(body) == {boxes.PAUSE, "draft:2", "unmute:3"}  # no box can have a name like this


def test_saved_searches_quote_labels_that_hold_a_colon():
    assert (
        search(HOME, 'is:open label:"area: web"')
        == f"{HOME}/issues?q=is%3Aissue+is%3Aopen+label%3A%22area%3A+web%22"
    )
    assert "label%3A%22review%3A+draft%22" in opened(board(1)) or "label%3A" in opened(board(1))


def test_a_moment_in_a_note_is_utc():
    assert stamp(NOW) == "2026-11-20 12:00 UTC"


def body_with(*marks: str) -> str:
    """The bot's part of a dashboard in which these boxes stand ("x pause", "  file:k")."""
    body = opened(board(0))
    for mark in marks:
        name, on = mark[2:], mark[0]
        line = f"- [{on}] Words. {boxes.mark(name)}"
        body = body.replace("\n### Heard of", f"\n{line}\n\n### Heard of", 1)
    return body


def revision(editor: str, *marks: str) -> Revision:
    return Revision(editor, AT, body_with(*marks))


def ours(login: str) -> bool:
    return login == "bot"


WHO = {
    "one person": ([("ada", "x file:k"), ("bot", "  file:k")], "ada"),
    "a person, and ours after": ([("bot", "x file:k"), ("ada", "x file:k"), ("bot", "  file:k")], "ada"),
    "the last of two": ([("eve", "x file:k"), ("ada", "  file:k"), ("eve", "x file:k"), ("bot", "  file:k")], "eve"),
    "ours put back what it had overwritten": ([("bot", "x file:k"), ("bot", "  file:k"), ("ada", "x file:k"), ("bot", "  file:k")], "ada"),
    "ours alone": ([("bot", "x file:k"), ("bot", "  file:k")], None),
    "further back than is known": ([("ada", "x file:k"), ("ada", "x file:k")], None),
    "nothing known": ([], None),
}  # fmt: skip


@pytest.mark.parametrize(("history", "who"), WHO.values(), ids=WHO)
def test_who_ticked_a_box_is_read_from_the_revisions(history, who):
    revisions = [revision(*each) for each in history]
    found = boxes.turned("file:k", revisions, ours)
    assert (found.editor if found else None) == who


def test_only_boxes_of_ours_in_our_part_count():
    body = body_with("x file:k", "X draft:7", "  unmute:3")
    outside = f"- [x] Words. {boxes.mark('file:other')}\n{body}"
    assert boxes.ticked(outside) == {"file:k", "draft:7"}
    assert boxes.there(outside) == {boxes.PAUSE, "file:k", "draft:7", "unmute:3"} | boxes.there(
        opened(board(0))
    )


@pytest.mark.parametrize("name", ["", "FILE:k", "file:a b", "file:" + "k" * 141, "file:-->", "file"])
def test_a_name_that_could_not_be_read_again_names_no_box(name):
    assert boxes.can_be_named(name) == (name == "file")
    if name != "file":
        with pytest.raises(ValueError, match="cannot name a box"):
            boxes.mark(name)
