import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.worlds import group, local, planned, run
from triagebot.errors import UserError
from triagebot.plans import Held, Outcome, Plan, describe, dump, load
from triagebot.plans.model import (
    Absent,
    AddComment,
    CloseIssue,
    EditIssue,
    LabelIssue,
    OpenIssue,
    Present,
    ReopenIssue,
)
from triagebot.reports.model import Problem

ONCE = "0" * 64
HERE = Present("open", "1" * 64)
PLAN = Plan(
    "run-1",
    (
        OpenIssue("k-1", ONCE, Absent("k-1"), "title", "body", ("triagebot", "P1")),
        EditIssue("k-2", 2, ONCE, HERE, "section", "renamed", ("a",), ("b",)),
        AddComment("k-2", 2, ONCE, HERE, "<!-- triagebot-once -->\nsaid @all"),
        ReopenIssue("k-3", 3, ONCE, Present("closed", "1" * 64), "section", None, ("regression",)),
        CloseIssue("k-4", 4, ONCE, HERE, "section", "duplicate", 2),
        LabelIssue("k-5", 5, ONCE, HERE, ("a",), ("b",)),
    ),
    (Held("k-6", "over the cap"),),
    (Problem("junit.xml", "not XML"),),
    "blocked",
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
changes = st.one_of(
    st.builds(
        OpenIssue, texts, st.just(ONCE), st.builds(Absent, texts), texts, texts, st.lists(texts).map(tuple)
    ),
    st.builds(
        EditIssue, texts, st.integers(1, 2**63 - 1), st.just(ONCE), st.just(HERE), texts, st.none() | texts
    ),
    st.builds(AddComment, texts, st.integers(1, 2**63 - 1), st.just(ONCE), st.just(HERE), texts),
)


def test_every_sort_of_change_survives_the_disk():
    assert load(dump(PLAN), "plan.json") == PLAN


@given(st.lists(changes, max_size=4), texts)
def test_any_text_survives_the_disk(some, run_id):
    plan = Plan(run_id, tuple(some))
    assert load(dump(plan), "plan.json") == plan


def test_a_real_plan_survives_the_disk(tmp_path):
    groups = [group(), group("env-cccccccccccc", ["c"])]
    plan = planned(local(tmp_path), run("run-1", groups), groups)
    assert load(dump(plan), "plan.json") == plan


def test_on_disk_it_has_the_shape_of_the_contract():
    document = json.loads(dump(PLAN))
    assert list(document) == ["schema", "run", "blocked", "changes", "held", "problems"]
    assert document["schema"] == 1
    assert [change["action"] for change in document["changes"]] == [
        "open",
        "edit",
        "comment",
        "reopen",
        "close",
        "label",
    ]
    assert document["changes"][0]["issue"] is None
    assert document["changes"][0]["expects"] == {"key": "k-1"}
    assert document["changes"][1]["expects"] == {"state": "open", "section_sha256": "1" * 64}


def test_outcomes_stand_in_their_changes_and_do_not_hinder_loading():
    one = replace(PLAN, changes=PLAN.changes[:1])
    text = dump(one, {ONCE: Outcome(one.changes[0], "applied", 7)})
    assert json.loads(text)["changes"][0]["outcome"] == {"status": "applied", "issue": 7, "detail": ""}
    assert load(text, "plan.json") == one


def changed(**fields):
    document = json.loads(dump(PLAN))
    document["changes"] = [document["changes"][0] | fields]
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a plan"),
        ("{}", "not a plan"),
        ('{"schema": 2, "run": "r", "changes": []}', "schema 2, but this triagebot knows 1; upgrade"),
        ('{"schema": 1, "run": "r"}', "changes"),
        ('{"schema": 1, "run": "r", "changes": [], "extra": 1}', "extra"),
        (changed(action="exec"), "action"),
        (changed(issue=3), "issue"),
        (changed(once="short"), "once"),
        (changed(body="x"), "body"),
        (changed(title=None), "title"),
        (changed(title=5), "title"),
        (changed(expects={"state": "open", "section_sha256": "x"}), "expects"),
        (changed(action="edit"), "edit of k-1: issue is missing"),
        (changed(expects={"state": "open", "section_sha256": "1" * 64}), "expects does not fit"),
    ],
)
def test_what_is_no_plan_is_refused_with_file_and_next_step(text, said):
    with pytest.raises(UserError) as caught:
        load(text, "plan.json")
    assert str(caught.value).startswith("plan.json: ")
    assert said in str(caught.value)
    assert "triagebot" in str(caught.value)


def test_a_plan_reads_as_lines():
    assert describe(PLAN) == (
        "! blocked",
        "+ open title [+triagebot, +P1]",
        "~ edit \u200b2 and rename it to renamed (k-2) [+a, -b]".replace("\u200b", "#"),
        "~ comment on #2: said @\u200ball",
        "+ reopen #3 (k-3) [+regression]",
        "- close #4 as duplicate of #2 (k-4)",
        "~ label #5 [+a, -b]",
        "! k-6: over the cap",
    )
    assert describe(Plan("r", ())) == ("nothing to change",)
