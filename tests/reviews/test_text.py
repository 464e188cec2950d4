"""What people said as readers see it, the write that brings it to the issue, the answers, and the hand-over."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.reviews.test_judgement import MARKER, WHYS, say, scene
from triagebot.config import Config, Rule, Suite, When, load
from triagebot.groups import Group
from triagebot.groups.splitting import SLOTS, parts_of, split_groups
from triagebot.history import Past, PastRun, Result
from triagebot.issues import Issue, Occurrence, Quote, compose, read_marker, write_marker
from triagebot.issues.match import duplicates, issue_of
from triagebot.plans.model import CloseIssue, EditIssue, ReopenIssue
from triagebot.plans.render import annotated, answers, review_parts
from triagebot.plans.review_change import changes_beside, review_change
from triagebot.redact import Fact, recorded
from triagebot.reports.model import Failure, Scope
from triagebot.reports.test_names import join_id
from triagebot.reviews import previews, states
from triagebot.reviews.grammar import FORMS, Mistake
from triagebot.reviews.handoffs import Bounds, ends, handoff
from triagebot.reviews.permission import is_bot, may
from triagebot.signatures import Signature, settings, sign

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
    text = review_parts(states.redrafted(before, (), AT))["review"]
    assert "Kept from an earlier draft, accepted by ada: The server closes the socket." in text
    assert "Kept from an earlier draft, corrected by ada: The token is empty" in text
    assert "Ruled out by ada: Nobody passes the variable on. (it was set)" in text


def test_the_memory_of_last_time_opens_an_issue_that_came_back():
    marker = states.returned(said("cause: the pool"), "abc123", AT)
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
    assert issue_of([FULL.key], [split, part], Config()) is None
    assert issue_of(["part-cccccccccccc"], [split, part], Config()) == part
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
    ).body
    assert "`/triage aprove`: there is no such command. Write `/triage accept [all" in text.replace(
        "<code>", "`"
    ).replace("</code>", "`").replace("\\[", "[")
    assert "#issuecomment-7" in text
    assert "see the label" in answers.refusal(1, 0, [("accept", "no")]).body
    assert answers.denied(1, "Mallory", "x") == answers.denied(1, "Mallory", "x")
    assert all(verb in answers.help_comment(1).body for verb in FORMS)
    assert "Nothing is known" in answers.explanation(1, "").body
    assert "fold" in answers.explanation(1, "fold").body


def test_several_answers_stand_in_one_comment_that_is_known_again():
    both = answers.together([answers.help_comment(1), answers.explanation(1, "fold")])
    assert both.once == answers.together([answers.help_comment(1), answers.explanation(1, "other")]).once
    assert both.once not in {answers.help_comment(1).once, answers.explanation(1, "").once}
    assert both.body.count("<!--") == 1
    assert "fold" in both.body
    assert answers.together([answers.help_comment(1)]) == answers.help_comment(1)


def past_of(*runs, key=FULL.key):
    """History: (run, commit, outcomes of t/a.py::test_a[1] and t/b.py::test_b) each, oldest first."""
    results = {
        join_id(test): tuple(Result(Fact(run), told[at]) for run, _, *told in runs)
        for at, test in enumerate(FULL.tests)
    }
    found = tuple(
        PastRun(Fact(run), AT + timedelta(days=n), recorded(commit))
        for n, (run, commit, *_) in enumerate(runs)
    )
    seen = tuple(run for run, _, *told in runs if "failed" in told)
    return Past(Scope(), found, results, {key: seen})


def test_a_merge_shows_which_runs_tests_and_issues_move():
    here = replace(FULL, runs=("r1", "r2", "r3"))
    other = replace(FULL, key="other-bbbbbbbbbbbb", tests=("t/b.py::test_b",), runs=("r2",))
    past = Past(Scope(), (), {}, {FULL.key: ("r0", "r2"), other.key: ("r0",)})
    found = previews.moves(here, other, past)
    assert (found.runs, found.runs_there, found.only_here) == (
        ("r0", "r2", "r1", "r3"),
        ("r0", "r2"),
        ("r1", "r3"),
    )
    text = answers.merged(issue(here), issue(other, 2), found).body
    assert "seen in 4 and #2 in 2, both in 2; #2 would have counted these, too: `r1`, `r3`" in text
    assert "1 of its 2 tests come to #2: `t/a.py::test_a[1]`" in text
    same = answers.merged(issue(other, 2), issue(here), previews.moves(other, here, past)).body
    assert "no run moves" in same
    assert "all its tests are on #1 already" in same


def test_a_split_shows_the_parts_with_the_runs_in_which_each_failed():
    past = past_of(
        ("r1", "c1", "failed", "passed"), ("r2", "c2", "failed", "failed"), ("r3", "c3", "passed", "passed")
    )
    by_file = previews.parts(FULL, "file", Config(), past)
    assert [(part.name, len(part.tests), part.runs) for part in by_file] == [
        ("t/a.py", 1, ("r1", "r2")), ("t/b.py", 1, ("r2",)),
    ]  # fmt: skip
    text = answers.split(issue(), "file", by_file).body
    assert "| `t/a.py` | 1 | 2: `r1`, `r2` |" in text
    suites = Config(suites=(Suite(match="t/a.py*", name="A"),))
    assert [part.name for part in previews.parts(FULL, "suite", suites, Past())] == ["", "A"]
    assert (
        "| elsewhere | 1 |"
        in answers.split(issue(), "suite", previews.parts(FULL, "suite", suites, Past())).body
    )
    assert (
        "The next run shows the parts"
        in answers.split(issue(), "host", previews.parts(FULL, "host", suites, past)).body
    )


@pytest.mark.parametrize(
    "by, slot", [("test", "test"), ("file", "module"), ("host", "host"), ("suite", "suite")]
)
def test_the_rule_of_a_split_is_four_lines_that_split_this_key_as_the_issue_does(by, slot):
    told = answers.split(issue(), by, ()).body
    lines = told.partition("[[rules]]")[2].partition("```")[0].strip().splitlines()
    assert len(lines) == 3
    (rule,) = load("\n".join(["[[rules]]", *lines]), "triagebot.toml").rules
    assert (rule.when.key, rule.split) == (FULL.key, (slot,))


@pytest.mark.parametrize(("by", "slot"), [("file", "module"), ("test", "test"), ("suite", "suite")])
def test_the_rule_of_a_split_gives_the_parts_the_keys_that_the_issue_gave_them(by, slot):
    failures = (failure("t/a.py::test_a[1]"), failure("t/b.py::test_b"))
    signature = sign(failures[0])
    whole = Group(signature, failures, ("t/a.py::test_a[1]", "t/b.py::test_b"))
    suites = (Suite(match="t/a*", name="chat"), Suite(match="t/*", name="all"))
    config = Config(rules=(Rule(when=When(key=signature.key), split=(slot,)),), suites=suites)
    by_marker = {group.key for group in split_groups([whole], {whole.key: by}, Config(suites=suites))}
    assert len(by_marker) == 2
    assert {sign(each, settings(config)).key for each in failures} == by_marker


SHOWN = replace(
    FULL,
    whys=(
        replace(WHYS[0], status="supported", quotes=(Quote("ERROR closed @all", "backend.log:45", "https://ci.example/7"),)),
        replace(WHYS[1], status="supported", quotes=(Quote("KeyError: 'T'", "app.py:3"),)),
        replace(WHYS[2], status="supported"),
        replace(WHYS[3], status="hypothesis"),
    ),
)  # fmt: skip


def test_the_hand_over_of_another_runners_tests_names_no_command_of_pytest():
    tests = ("e2e/a.spec.ts::pays [chromium]",)
    told = handoff(issue(replace(SHOWN, tests=tests)), needed=5, bounds=Bounds())
    assert "pytest" not in answers.handoff_comment(told).body


def test_the_hand_over_holds_what_is_settled_or_shown_and_nothing_else():
    marker = said("edit 2: The token is empty", "reject 3: it was set", "cause: the pool", marker=SHOWN)
    told = handoff(
        issue(marker), needed=5, bounds=Bounds("c0", "c1", commits=(("c1" * 20, "drop @all"),), more=True)
    )
    text = answers.handoff_comment(told).body
    for shown in (
        "**Root cause (primary):** the pool *(stated by ada)*",
        "The server closes the socket. *(supported by evidence)*",
        "[backend.log:45](https://ci.example/7): `ERROR closed",
        "The token is empty *(corrected by ada)*",
        "**Not the cause:** Nobody passes the variable on. *(ruled out by ada: it was set)*",
        "in 5 runs in a row",
        "pytest 't/a.py::test_a[1]' 't/b.py::test_b'",
        "Last good run: commit `c0`; first bad run: commit `c1`; between them, the newest",
        "`c1c1c1c1c1c1` drop",
    ):
        assert shown in text, text
    assert "Nobody passes the variable on." not in text.replace(
        "**Not the cause:** Nobody passes the variable on.", ""
    )
    for hidden in ("No check reads", "KeyError", "drop @all"):
        assert hidden not in text
    data = json.loads(json.dumps(told.as_json))
    assert data["commits"]["last_good"] == "c0"
    assert data["commits"]["commits"] == [{"sha": "c1" * 20, "subject": "drop @all"}]
    assert [cause["text"] for cause in data["causes"]] == ["the pool"]
    assert [(s["standing"], s["who"]) for s in data["steps"]] == [("supported", ""), ("corrected", "ada")]
    assert data["steps"][0]["quotes"][0]["url"] == "https://ci.example/7"


def test_of_a_rejected_draft_nothing_is_handed_over_but_that():
    told = handoff(issue(said("reject: all wrong", marker=SHOWN)))
    assert told.steps == ()
    assert [out.text for out in told.ruled_out] == [WHYS[2].text, WHYS[3].text]


def test_the_hand_over_of_what_came_back_tells_the_cause_of_last_time():
    marker = states.returned(said("cause: the pool"), Fact("0123abc"), AT)
    told = handoff(issue(marker))
    assert (
        "**Last time the cause was:** the pool *(accepted by ada, fixed by `0123abc`)*"
        in answers.handoff_comment(told).body
    )
    data = json.loads(json.dumps(told.as_json))
    assert (data["last"][0]["text"], data["last_fix"]) == ("the pool", "0123abc")


def test_a_hand_over_without_anything_says_so():
    bare = replace(FULL, tests=("junit.Case.method",), occurrences=())
    told = handoff(issue(bare))
    assert told.reproduce == ""
    assert "Nobody has accepted a cause yet" in answers.handoff_comment(told).body
    assert "as many runs as a person asks for" in told.proof


RUNS = (("r1", "c1", "passed", "passed"), ("r2", "c2", "failed", "passed"), ("r3", "c3", "failed", "failed"))


@pytest.mark.parametrize(
    "runs, expected",
    [
        (RUNS, ("c1", "c2")),
        ((*RUNS, ("r4", "c4", "passed", "passed")), ("c1", "c2")),
        ((("r0", "c0", "failed", "failed"), *RUNS), ("c1", "c2")),
        ((*RUNS, ("r4", "c4", "skipped", "skipped")), ("c1", "c2")),
        (RUNS[1:], ("", "c2")),
        ((("r1", None, "passed", "passed"), *RUNS[1:]), ("", "c2")),
        ((RUNS[0],), ("", "c1")),
        ((), ("", "c1")),
    ],
)  # fmt: skip
def test_where_it_began_is_the_newest_streak_of_history_else_the_first_run_of_the_issue(runs, expected):
    found = ends(FULL, past_of(*runs))
    assert (found.last_good, found.first_bad) == expected


def test_an_issue_that_came_back_or_forgot_runs_does_not_say_where_it_began():
    assert ends(replace(FULL, states=("regression",)), Past()) == Bounds()
    assert ends(replace(FULL, seen=9), Past()) == Bounds()


def test_one_commit_on_two_revisions_is_told_by_what_was_deployed():
    past = past_of(("r1", "c1", "passed", "passed"), ("r2", "c1", "failed", "passed"))
    runs = tuple(replace(run, revision=Fact(f"v{n}")) for n, run in enumerate(past.runs))
    text = answers.handoff_comment(handoff(issue(), bounds=ends(FULL, replace(past, runs=runs)))).body
    assert "Last good run: commit `c1`, revision `v0`; first bad run: commit `c1`, revision `v1`." in text


def test_commits_that_could_not_be_read_are_said_and_a_comparison_is_linked_on_the_issues_own_site():
    unread = Bounds("c0", "c1", unread="commit c0 is not in this clone")
    assert "could not be read" in answers.handoff_comment(handoff(issue(), bounds=unread)).body
    there = replace(issue(), url="https://github.com/acme/shop/issues/1")
    text = answers.handoff_comment(
        handoff(there, bounds=Bounds("a" * 40, "b" * 40, commits=(("b" * 40, "x"),)))
    ).body
    assert f"([diff](https://github.com/acme/shop/compare/{'a' * 40}...{'b' * 40}))" in text


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
