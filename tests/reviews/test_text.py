"""What people said as readers see it, the write that brings it to the issue, the answers, and the hand-over."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.reviews.test_judgement import MARKER, WHYS, say, scene
from triagebot.config import Config, Suite
from triagebot.groups import Group
from triagebot.groups.splitting import SLOTS, parts_of, split_groups
from triagebot.issues import Issue, Occurrence, compose, read_marker, write_marker
from triagebot.issues.match import duplicates, home_of
from triagebot.plans.model import CloseIssue, EditIssue, ReopenIssue
from triagebot.plans.render import annotated, answers, review_parts
from triagebot.plans.review import changes_beside, review_change
from triagebot.reports.model import Failure
from triagebot.reviews import states
from triagebot.reviews.grammar import FORMS, Mistake
from triagebot.reviews.handoff import handoff
from triagebot.reviews.permission import is_bot, may
from triagebot.signatures import Signature

AT = datetime(2025, 9, 11, 10, tzinfo=UTC)
DRAFT = "\n".join(f"- **{why.number}** {why.text} *(✔ supported)*" for why in WHYS)
ROWS = (Occurrence("r1", AT, 2, 2, "c1"),)
FULL = replace(MARKER, tests=("t/a.py::test_a[1]", "t/b.py::test_b"), occurrences=ROWS, seen=1)


def issue(marker=FULL, number=1, state="open", reason=None, labels=("triagebot", "P3", "triage: draft")):
    body = compose(
        write_marker(marker), {"sentence": "It broke.", "draft": DRAFT, "footer": "---", "odd": "x"}
    )
    return Issue(number, "t", body, state, labels, "triagebot", marker, state_reason=reason)


def said(*texts, marker=FULL):
    return say(scene(marker), *texts)[0].marker


def test_nothing_said_is_nothing_shown():
    assert not any(review_parts(FULL).values())


@pytest.mark.parametrize(
    "texts, shown",
    [
        (["accept"], "**Confirmed** by ada on 2025-09-11 10:00 UTC ([comment](#issuecomment-7))."),
        (["accept"], "Whole draft accepted by ada"),
        (["reject: all wrong"], "Whole draft rejected by ada ([comment](#issuecomment-7)): all wrong"),
        (["accept 1", "bob>reject 1: old"], "**1** rejected by bob ([comment](#issuecomment-7)): old."),
        (["accept 1", "bob>reject 1: old"], "Before: accepted by ada"),
        (["edit 2: The token is empty"], "*(drafted: The token is missing.)*"),
        (["not-quite 3: hm"], "called not quite right by ada"),
        (["needs-evidence: the log"], "**Needs evidence** by ada"),
        (["needs-evidence: the log"], "ada asks for evidence"),
        (["redraft"], "Another draft is made when it next fails."),
        (["redraft mind the proxy"], "mind the proxy"),
        (["cause secondary: no alert"], "**Root cause (secondary)**, stated by ada"),
        (["owner chat team"], "**Owner:** chat team (named by ada)"),
        (["fixed-by 0123abc"], "**Fixed by:** `0123abc`"),
        (["mute"], "**Muted** until somebody says `/triage unmute`"),
        (["mute 3d"], "**Muted** until 2025-09-14"),
        (["mute until fixed"], "**Muted** until it is fixed"),
    ],
)
def test_what_was_said_is_shown_with_its_author(texts, shown):
    assert shown in review_parts(said(*texts))["review"]


def test_what_was_kept_and_ruled_out_in_earlier_drafts_is_shown():
    before = said("accept 1", "edit 2: The token is empty", "reject 3: it was set")
    text = review_parts(states.redrafted(before, ()))["review"]
    assert "Kept from an earlier draft, accepted by ada: The server closes the socket." in text
    assert "Kept from an earlier draft, corrected by ada: The token is empty" in text
    assert "Ruled out by ada: Nobody passes the variable on. (it was set)" in text


def test_the_memory_of_last_time_opens_an_issue_that_came_back():
    marker = states.returned(said("cause: the pool"), "abc123")
    assert review_parts(marker)["memory"].startswith(
        "> **Last time the cause was:** the pool. *(accepted by ada on"
    )
    assert "fixed by `abc123`" in review_parts(marker)["memory"]


def test_the_draft_says_behind_each_step_what_became_of_it_and_saying_it_twice_changes_nothing():
    once = annotated(DRAFT, said("accept 1", "reject D1: no"))
    assert once.split("\n")[0].endswith("**(accepted by ada)**")
    assert once.split("\n")[3].endswith("**(rejected by ada)**")
    assert annotated(once, said("accept 1", "reject D1: no")) == once
    assert annotated(once, FULL) == DRAFT


def change(*texts, at=None):
    at = at or scene(FULL)
    return review_change(replace(say(at, *texts)[0], issue=replace(at.issue, body=issue(FULL).body)), "x")


def test_one_write_brings_marker_text_and_labels():
    found = change("accept")
    assert isinstance(found, EditIssue)
    assert (found.add, found.remove) == (("triage: confirmed",), ("triage: draft",))
    assert found.section.index("### What maintainers said") < found.section.index("- **1** The server")
    assert read_marker(found.section).once == (found.once,)


def test_nothing_said_is_nothing_written_and_a_label_that_a_person_took_off_is_not_put_back():
    assert change() is None
    bare = scene(FULL, labels=("triagebot",))
    assert change("owner x", at=bare).add == ()


def test_a_state_of_more_weight_is_what_the_label_shows():
    flaky = scene(replace(FULL, states=("draft", "flaky"), labels=("flaky",)), labels=("flaky", "triagebot"))
    assert change("accept", at=flaky).add == ()


def test_merge_closes_and_unmerge_opens_and_the_other_issue_forgets_the_key():
    other = issue(replace(FULL, key="other-bbbbbbbbbbbb", aliases=(FULL.key,)), 2)
    at = replace(scene(FULL), others={2: other})
    merged, refused = say(at, "merge #2")
    assert not refused
    closing = review_change(replace(merged, issue=issue()), "x")
    assert isinstance(closing, CloseIssue)
    assert (closing.state_reason, closing.duplicate_of) == ("duplicate", 2)
    closed = replace(merged, issue=replace(issue(merged.marker), state="closed"), state="closed")
    for inverse in ("unmerge", "undo"):
        back, _ = say(closed, inverse)
        assert isinstance(review_change(back, "x"), ReopenIssue)
        [beside] = changes_beside(back, "x")
        assert read_marker(beside.section).aliases == ()
    again, _ = say(say(closed, "unmerge")[0], "undo")
    assert (again.marker.merged, again.state) == (2, "closed")


REFUSED = [
    ("merge #1", "into itself"), ("merge #9", "not one of triagebot's"), ("unmerge", "was not merged"), ("unsplit", "not split"),
]  # fmt: skip


@pytest.mark.parametrize("text, why", REFUSED)
def test_what_cannot_be_merged_or_split_is_refused(text, why):
    assert why in say(scene(FULL), text)[1][0]


def test_duplicates_closed_and_split_issues_and_runs_are_refused():
    doubled = issue(number=2, state="closed", reason="duplicate")
    assert "is a duplicate itself" in say(replace(scene(FULL), others={2: doubled}), "merge #2")[1][0]
    shut = replace(scene(FULL), state="closed", others={2: issue(number=2)})
    assert "closed" in say(shut, "merge #2")[1][0]
    assert "closed" in say(shut, "split by test")[1][0]
    assert "whole run" in say(scene(replace(FULL, key="run.exit-aaaaaaaaaaaa")), "split by test")[1][0]
    assert "split before" in say(scene(replace(FULL, origin="x")), "split by test")[1][0]
    both = say(scene(FULL), "split by test", "unsplit")[0]
    assert "for good" in say(both, "split by test")[1][0]


def test_split_closes_and_its_inverses_open():
    split = say(scene(FULL), "split by file")[0]
    assert (split.marker.split, split.state) == ("file", "closed")
    assert review_change(replace(split, issue=issue()), "x").state_reason == "completed"
    for inverse in ("unsplit", "undo"):
        back = say(split, inverse)[0]
        assert (back.marker.split, back.state) == ("", "open")
    assert say(say(split, "unsplit")[0], "undo")[0].marker.split == "file"


def failure(test, text="ImportError: no x"):
    return Failure(test, test.replace("/", ".").replace("::", "."), "call", text, text)


@pytest.mark.parametrize("by, parts", [("test", 2), ("file", 2), ("host", 1), ("suite", 2)])
def test_a_group_is_split_into_parts_with_keys_of_their_own(by, parts):
    config = Config(suites=(Suite(match="t/a.py*", name="A"),))
    failures = (failure("t/a.py::test_a[1]"), failure("t/a.py::test_a[2]"), failure("t/b.py::test_b"))
    whole = Group(Signature("import-aaaaaaaaaaaa", "import", (("name", "x"),), "No x"), failures, ("a",))
    found = split_groups([whole], {"import-aaaaaaaaaaaa": by}, config)
    assert len(found) == len(parts_of(whole, by, config)) == parts
    assert len({group.key for group in found}) == parts
    assert {group.origin for group in found} == {whole.key}
    assert all(SLOTS[by] in dict(group.signature.slots) for group in found)
    assert split_groups([whole], {"other": by}, config) == (whole,)


def test_a_split_issue_is_home_to_nothing_and_its_parts_are_closed_once_it_is_one_again():
    split = issue(replace(FULL, split="test"), 1, "closed", "completed")
    part = issue(replace(FULL, key="part-cccccccccccc", aliases=(FULL.key,), origin=FULL.key), 2)
    assert home_of([FULL.key], [split, part], Config()) is None
    assert home_of(["part-cccccccccccc"], [split, part], Config()) == part
    assert duplicates([split, part]) == ()
    assert [(d.number, o.number) for d, o in duplicates([issue(), part])] == [(2, 1)]


def test_answers_say_what_was_not_done_and_what_to_write():
    text = answers.refusal(
        1,
        7,
        [
            (Mistake(1, "aprove", FORMS["accept"], "there is no such command"), "there is no such command"),
            ("accept 9", "there is no step 9; `/triage cause: …` helps"),
        ],
    )
    assert "`/triage aprove`: there is no such command. Write `/triage accept [all" in text.replace(
        "<code>", "`"
    ).replace("</code>", "`").replace("\\[", "[")
    assert "#issuecomment-7" in text
    assert "see the label" in answers.refusal(1, 0, [("accept", "no")])
    assert answers.denied(1, "Mallory", "x") == answers.denied(1, "Mallory", "x")
    assert all(verb in answers.help_comment(1) for verb in FORMS)
    assert "Nothing is known" in answers.explanation(1, "")
    assert "fold" in answers.explanation(1, "fold")


def test_previews_say_what_moves_and_the_rule_that_does_it_for_good():
    assert "it was seen in 1 run (the last: `r1`) with 2 tests" in answers.merged(issue(), issue(number=2))
    by_file = answers.split(issue(), "file")
    assert "`t/a.py` | 1" in by_file
    assert 'split = ["module"]' in by_file
    assert "t/a.py::test_a" in answers.split(issue(), "test")
    assert "No rule of the config splits by suite" in answers.split(issue(), "suite")
    assert "The next run shows the parts" in answers.split(issue(), "host")


def test_the_hand_over_holds_what_is_settled_and_nothing_else():
    marker = said("accept 1", "edit 2: The token is empty", "reject 3: it was set", "cause: the pool")
    told = handoff(issue(marker), needed=5, last_good="c0")
    text = answers.handoff_comment(told)
    for shown in (
        "the pool *(stated by ada)*",
        "The token is empty *(corrected by ada)*",
        "Not the cause, says ada: it was set.",
        "in 5 runs in a row",
        "pytest 't/a.py::test_a[1]' 't/b.py::test_b'",
        "First seen on commit `c1`",
    ):
        assert shown in text
    assert "Nobody passes the variable on." not in text.replace(
        "Not the cause, says ada: it was set. Nobody passes the variable on.", ""
    )
    assert "No check reads" not in text
    data = json.loads(json.dumps(told.as_json))
    assert data["commits"] == {"last_good": "c0", "first_bad": "c1"}
    assert [cause["text"] for cause in data["causes"]] == ["the pool"]


def test_a_hand_over_without_anything_says_so():
    bare = replace(FULL, tests=("junit.Case.method",), occurrences=())
    told = handoff(issue(bare))
    assert told.reproduce == ""
    assert "Nobody has accepted a cause yet" in answers.handoff_comment(told)
    assert "as many runs as a person asks for" in told.proof


@pytest.mark.parametrize(
    "role, permission, allowed",
    [
        ("triage", "read", True),
        ("read", "read", False),
        ("none", "none", False),
        ("security", "write", True),
        ("security", "read", False),
        ("", "admin", True),
    ],
)
def test_who_may(role, permission, allowed):
    assert may(role, permission) is allowed


def test_who_is_a_bot():
    assert is_bot("x[bot]", "User")
    assert is_bot("x", "Bot")
    assert not is_bot("x", "User")
