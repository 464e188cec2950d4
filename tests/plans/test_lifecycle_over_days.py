"""What several runs in a row do to the tracker, told as days."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.plans.worlds import DAY, group, local, planned, run, test_id, triage
from triagebot.config import Alias, Config, ScopeRule
from triagebot.groups.model import Incident, Variant
from triagebot.history import Past, PastRun, Result
from triagebot.issues import Act, write_marker
from triagebot.plans import describe
from triagebot.trackers import Edit

GROUP = group()
KEY = GROUP.key
OTHER = group("env-cccccccccccc", ["c"])


@pytest.fixture
def tracker(tmp_path):
    return local(tmp_path)


def day(number, groups=(), passed=(), **more):
    return run(f"run-{number}", groups, passed, day=number, **more)


def kinds(plan):
    return [type(change).__name__ for change in plan.changes]


def red(tracker, number, *groups, **more):
    """A red day; returns what was planned for it."""
    tested = day(number, groups, commit=more.pop("commit", f"c{number}"))
    plan = planned(tracker, tested, groups, **more)
    triage(tracker, tested, groups, **more)
    return plan


def green(tracker, number, passed=("a", "b"), **more):
    tested = day(number, (), passed, commit=f"c{number}")
    plan = planned(tracker, tested, (), **more)
    triage(tracker, tested, (), **more)
    return plan


def test_the_first_red_day_opens_the_next_one_edits(tracker):
    assert kinds(red(tracker, 1, GROUP)) == ["OpenIssue"]
    assert kinds(red(tracker, 2, GROUP, OTHER)) == ["OpenIssue", "EditIssue"]
    assert [issue.marker.seen for issue in tracker.issues()] == [2, 1]


def test_the_same_run_again_changes_nothing_and_says_so(tracker):
    red(tracker, 1, GROUP)
    again = red(tracker, 1, GROUP)
    assert again.changes == ()
    assert describe(again) == ("nothing to change",)


def test_a_green_day_opens_nothing(tracker):
    assert green(tracker, 1).changes == ()


def test_it_is_closed_after_the_clean_runs_that_the_rate_asks_for_and_says_why(tracker):
    red(tracker, 1, GROUP)
    assert [kinds(green(tracker, n)) for n in range(2, 7)] == [["EditIssue"]] * 4 + [
        ["CloseIssue", "AddComment"]
    ]
    (issue,) = tracker.issues()
    assert (issue.state, issue.state_reason, issue.marker.closed_commit) == ("closed", "completed", "c6")
    assert "**Closed** after 5 clean runs in a row." in issue.body
    assert "all 2 tests ran and passed in 5 runs in a row" in tracker.comments(1)[0]


def test_the_countdown_stands_in_the_body(tracker):
    red(tracker, 1, GROUP)
    green(tracker, 2)
    assert "**Closing:** 1 of 5 clean runs in a row." in tracker.read(1).body


@pytest.mark.parametrize(
    "tested",
    [
        day(2, (), ["a"]),
        run("run-2", (), ["a"], day=2, skipped=["b"]),
        run("run-2", [OTHER], [], day=2),
        replace(day(2, (), ["a", "b"]), environment="production"),
        run("run-2", (), ["a", "b"], day=0.5),
        run("run-2", [group("other-1", ["b"])], ["a"], day=2),
    ],
    ids=["not run", "skipped", "nothing of it ran", "elsewhere", "earlier", "red in another way"],
)
def test_what_is_no_proof_does_not_count(tracker, tested):
    red(tracker, 1, GROUP)
    triage(tracker, tested, ())
    assert tracker.read(1).marker.clean == 0


def test_a_pass_only_when_run_again_is_no_proof(tracker):
    from tests.plans.worlds import case

    red(tracker, 1, GROUP)
    cases = (case(test_id("a")), case(test_id("b"), attempts=2))
    triage(tracker, replace(day(2), cases=cases), ())
    assert tracker.read(1).marker.clean == 0


def test_failing_again_starts_the_proof_anew(tracker):
    red(tracker, 1, GROUP)
    green(tracker, 2)
    red(tracker, 3, GROUP)
    assert (tracker.read(1).marker.clean, tracker.read(1).marker.clean_runs) == (0, ())


def test_seen_in_two_environments_only_a_person_closes(tracker):
    red(tracker, 1, GROUP)
    triage(tracker, replace(day(2, [GROUP]), environment="production"), [GROUP])
    assert "so a person closes it" in tracker.read(1).body


def test_it_comes_back_only_with_the_fix(tracker):
    red(tracker, 1, GROUP)
    tracker.close(1, commit="c5")
    late = red(tracker, 2, GROUP, contains=lambda *_: False)
    assert kinds(late) == ["EditIssue"]
    assert (tracker.read(1).state, tracker.read(1).marker.stragglers) == ("closed", 1)
    assert "which reopens nothing" in tracker.read(1).body
    back = red(tracker, 3, GROUP, contains=lambda *_: True)
    assert kinds(back) == ["ReopenIssue", "AddComment"]
    issue = tracker.read(1)
    assert (issue.state, issue.marker.stragglers) == ("open", 0)
    assert "regression" in issue.labels
    assert "triage: draft" not in issue.labels
    assert "**It came back:** 2 tests failed this way" in tracker.comments(1)[0]


def test_every_straggler_is_counted(tracker):
    red(tracker, 1, GROUP)
    tracker.close(1, commit="c5")
    for number in (2, 3):
        red(tracker, number, GROUP, contains=lambda *_: False)
    assert tracker.read(1).marker.stragglers == 2


def test_a_label_that_is_gone_already_is_not_taken_away(tracker):
    red(tracker, 1, GROUP)
    tracker.close(1)
    tracker.label(1, remove=["triage: draft"])
    (reopen, _comment) = red(tracker, 2, GROUP).changes
    assert (reopen.add, reopen.remove) == (("regression",), ())


def test_a_straggler_counted_twice_is_counted_once(tracker):
    red(tracker, 1, GROUP)
    tracker.close(1, commit="c5")
    red(tracker, 2, GROUP, contains=lambda *_: False)
    assert red(tracker, 2, GROUP, contains=lambda *_: False).changes == ()


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda t: t.label(1, add=["muted"]), "labelled muted"),
        (lambda t: t.close(1, "not_planned"), "closed as not planned"),
    ],
)
def test_muted_is_left_alone_and_said(tracker, act, reason):
    red(tracker, 1, GROUP)
    act(tracker)
    plan = red(tracker, 2, GROUP)
    assert plan.changes == ()
    assert [(held.key, held.reason) for held in plan.held] == [(KEY, reason)]
    assert green(tracker, 3).changes == ()


def test_a_label_that_a_person_removed_is_not_put_back(tracker):
    red(tracker, 1, GROUP)
    tracker.label(1, remove=["area: chat"])
    red(tracker, 2, GROUP)
    assert "area: chat" not in tracker.read(1).labels


def test_a_label_of_a_person_is_never_removed(tracker):
    red(tracker, 1, GROUP)
    tracker.label(1, add=["regression"])
    for number in range(2, 8):
        green(tracker, number)
    assert "regression" in tracker.read(1).labels


def test_a_priority_that_a_person_set_wins_in_label_and_title(tracker):
    red(tracker, 1, GROUP)
    tracker.label(1, add=["P4"], remove=["P1"])
    red(tracker, 2, GROUP)
    issue = tracker.read(1)
    assert [label for label in issue.labels if label.startswith("P")] == ["P4"]
    assert issue.title.startswith("[P4]")


def test_a_title_that_a_person_wrote_stays(tracker):
    red(tracker, 1, GROUP)
    tracker.update(1, Edit(title="Chat is down"))
    wider = group(tests=["a", "b", "c", "d"], title="WebSocket closed by the server with 1011")
    red(tracker, 2, wider)
    assert tracker.read(1).title == "Chat is down"


def test_another_number_of_tests_renames_nothing(tracker):
    red(tracker, 1, GROUP)
    plan = red(tracker, 2, group(tests=["a", "b", "c"]))
    assert [change.title for change in plan.changes] == [None]


def test_at_most_four_labels(tracker):
    red(tracker, 1, GROUP)
    tracker.close(1)
    past = Past(
        runs=(PastRun("r", DAY, "c2"),), results={f.join: (Result("r", "passed"),) for f in GROUP.failures}
    )
    red(tracker, 2, GROUP, past=past)
    assert set(tracker.read(1).labels) == {"triagebot", "P1", "area: chat", "regression"}
    assert {"regression", "flaky", "draft"} <= set(tracker.read(1).marker.states)


@pytest.mark.parametrize(
    "verb, judged", [("cause", "confirmed"), ("reject", "rejected"), ("needs-evidence", "needs-evidence")]
)
def test_what_a_person_judged_of_a_draft_is_not_asked_again(tracker, verb, judged):
    red(tracker, 1, GROUP)
    issue = tracker.read(1)
    assert issue.marker.states == ("draft",)
    marker = replace(issue.marker, acts=(Act(verb, "ada", DAY, "1:a", said="x", rank="primary"),))
    _old, text = issue.body.split("\n", 1)
    tracker.update(1, Edit(body=f"{write_marker(marker)}\n{text}"))
    red(tracker, 2, GROUP)
    assert tracker.read(1).marker.states == (judged,)
    assert f"triage: {judged}" in tracker.read(1).labels


def test_flaky_ends_with_the_first_failure_that_is_not(tracker):
    results = {f.join: (Result("r", "passed"),) for f in GROUP.failures}
    past = Past(runs=(PastRun("r", DAY, "c1"),), results=results)
    red(tracker, 1, GROUP, past=past)
    assert "flaky" in tracker.read(1).marker.states
    red(tracker, 2, GROUP, past=past)
    assert "flaky" not in tracker.read(1).marker.states
    assert "flaky" not in tracker.read(1).labels


def test_flaky_is_what_passed_and_failed_at_one_commit(tracker):
    results = {f.join: (Result("r", "passed"),) for f in GROUP.failures}
    red(tracker, 1, GROUP, past=Past(runs=(PastRun("r", DAY, "c1"),), results=results))
    red(tracker, 1, OTHER, past=Past(runs=(PastRun("r", DAY, "c0"),), results=results))
    assert [("flaky" in issue.labels) for issue in tracker.issues()] == [True, False]


def test_people_hear_of_a_new_wording_once_a_day(tracker):
    red(tracker, 1, GROUP)
    reworded = replace(GROUP, variants=(*GROUP.variants, Variant("sent <n>", 1)))
    assert kinds(red(tracker, 2, reworded)) == ["EditIssue", "AddComment"]
    again = replace(GROUP, variants=(Variant("yet another", 1),))
    assert kinds(red(tracker, 2.01, again)) == ["EditIssue"]
    assert kinds(red(tracker, 3, replace(GROUP, variants=(Variant("a fourth", 1),)))) == [
        "EditIssue",
        "AddComment",
    ]
    assert len(tracker.comments(1)) == 2


def many(count, prefix="timeout", start=0):
    return [group(f"{prefix}-{n:012d}", [f"t{n}"]) for n in range(start, start + count)]


def test_over_the_cap_is_held_with_its_reason_and_filed_next_time_worst_first(tracker):
    groups = [replace(g, impact=replace(g.impact, priority="P2")) for g in many(12)] + [GROUP]
    first = red(tracker, 1, *groups, name="github")
    assert kinds(first) == ["OpenIssue"] * 10
    assert first.changes[0].key == KEY
    assert len(first.held) == 3
    assert "over the cap" in first.held[0].reason
    again = red(tracker, 1, *groups, name="github")
    assert again.changes == ()
    assert len(again.held) == 3
    assert kinds(red(tracker, 2, *groups, name="github")) == ["OpenIssue"] * 3 + ["EditIssue"] * 10


def test_locally_there_is_no_cap_and_an_option_sets_one(tracker):
    assert len(planned(tracker, day(1, many(12)), many(12)).changes) == 12
    assert len(planned(tracker, day(1, many(12)), many(12), max_new=0).changes) == 0


def test_more_than_fifty_opens_open_nothing(tracker):
    plan = planned(tracker, day(1, many(51)), many(51), name="github")
    assert "more than the breaker of 50" in plan.blocked
    assert planned(tracker, day(1, many(50)), many(50)).blocked == ""


def storm(groups):
    return [Incident("incident-aaaaaaaaaaaa", tuple(g.key for g in groups), "Storm")]


def test_a_storm_is_one_issue_and_dissolves_into_what_remains(tracker):
    groups = many(12)
    first = red(tracker, 1, *groups, incidents=storm(groups))
    assert kinds(first) == ["OpenIssue"]
    assert tracker.read(1).title == "[P1] Incident: 12 new causes at once, 12 of 12 tests"
    assert "incident" in tracker.read(1).labels
    assert red(tracker, 1, *groups, incidents=storm(groups)).changes == ()
    assert kinds(red(tracker, 2, *groups, incidents=storm(groups))) == ["EditIssue"]
    assert tracker.read(1).marker.seen == 2
    rest = groups[:2]
    assert kinds(red(tracker, 3, *rest)) == ["OpenIssue", "OpenIssue", "CloseIssue"]
    assert [issue.state for issue in tracker.issues()] == ["closed", "open", "open"]
    assert "**Over:**" in tracker.read(1).body
    assert red(tracker, 3, *rest).changes == ()


def test_a_second_storm_gets_an_issue_of_its_own(tracker):
    groups = many(12)
    red(tracker, 1, *groups, incidents=storm(groups))
    green(tracker, 2)
    again = many(12, start=20)
    assert kinds(red(tracker, 3, *again, incidents=storm(again))) == ["OpenIssue"]
    assert [issue.state for issue in tracker.issues()] == ["closed", "open"]


def test_a_storm_that_is_over_keeps_its_causes_in_sight(tracker):
    groups = many(12)
    red(tracker, 1, *groups, incidents=storm(groups))
    before = tracker.read(1).body
    green(tracker, 2)
    after = tracker.read(1).body
    causes = before.partition("### Causes")[2].partition("**Closing:**")[0]
    assert causes.count("\n| P1 |") == 12
    assert causes in after
    assert "the storm is over" in after
    assert "None of its causes remained new there" in after


def test_causes_that_an_issue_holds_already_are_no_storm(tracker):
    groups = many(12)
    red(tracker, 1, *groups)
    assert kinds(red(tracker, 2, *groups, incidents=storm(groups))) == ["EditIssue"] * 12


def test_an_unreadable_run_does_not_end_a_storm(tracker):
    groups = many(12)
    red(tracker, 1, *groups, incidents=storm(groups))
    assert planned(tracker, replace(day(2), status="unreadable")).changes == ()
    assert planned(tracker, replace(day(2, (), ["p"]), status="interrupted")).changes == ()
    assert kinds(planned(tracker, day(2, (), ["p"]))) == ["CloseIssue"]


def test_a_calm_run_elsewhere_does_not_end_a_storm(tracker):
    groups = many(12)
    red(tracker, 1, *groups, incidents=storm(groups))
    assert planned(tracker, replace(day(2, (), ["p"]), environment="production")).changes == ()


def test_groups_of_one_home_make_one_edit(tracker):
    red(tracker, 1, GROUP)
    config = Config(aliases=(Alias(key=OTHER.key, issue=1),))
    plan = red(tracker, 2, GROUP, OTHER, config=config)
    assert kinds(plan) == ["EditIssue"]
    marker = tracker.read(1).marker
    assert (marker.aliases, marker.occurrences[-1].failed) == ((OTHER.key,), 3)
    assert kinds(red(tracker, 3, OTHER)) == ["EditIssue"]


def test_an_issue_that_people_opened_is_adopted_with_its_words(tracker):
    person = tracker.create("My title", "I saw this on Monday.", (), "0" * 64)
    red(tracker, 1, GROUP, config=Config(aliases=(Alias(key=KEY, issue=person.number),)))
    issue = tracker.read(1)
    assert issue.title == "My title"
    assert "I saw this on Monday.\n\n<!-- triagebot:begin -->" in issue.body
    assert issue.marker.key == KEY
    assert len(tracker.issues()) == 1


def test_duplicates_that_are_open_are_joined_into_the_lowest(tracker):
    red(tracker, 1, GROUP)
    body = tracker.read(1).body.replace("run-1", "run-1b").replace('"once":["', '"once":["f')
    tracker.create("again", body, ("triagebot",), "1" * 64)
    plan = planned(tracker, day(2), ())
    assert kinds(plan) == ["EditIssue", "CloseIssue"]
    triage(tracker, day(2), ())
    first, second = tracker.issues()
    assert first.marker.runs == ("run-1", "run-1b")
    assert (second.state, second.state_reason, second.duplicate_of) == ("closed", "duplicate", 1)
    assert planned(tracker, day(3), ()).changes == ()


@pytest.mark.parametrize(
    ("name", "config", "branch", "default", "files"),
    [
        ("local", Config(), "feature", "main", True),
        ("github", Config(), "main", "main", True),
        ("github", Config(), "feature", "main", False),
        ("github", Config(), None, "main", True),
        ("github", Config(scopes=(ScopeRule(branch="release/*"),)), "release/1", "main", True),
        ("local", Config(scopes=(ScopeRule(branch="release/*"),)), "main", "main", False),
        ("github", Config(scopes=(ScopeRule(environment="staging"),)), "feature", "main", True),
        ("github", Config(scopes=(ScopeRule(environment="prod"),)), "main", "main", False),
    ],
)
def test_only_configured_scopes_file_issues(tracker, name, config, branch, default, files):
    tested = replace(day(1, [GROUP]), branch=branch)
    plan = planned(tracker, tested, [GROUP], name=name, config=config, default_branch=default)
    assert bool(plan.changes) == files
    assert bool(plan.held) != files


def test_history_tells_the_rate_when_it_remembers_more_than_the_marker(tracker):
    red(tracker, 1, GROUP)
    joins = [f.join for f in GROUP.failures]
    runs = tuple(PastRun(f"h{n}", DAY + timedelta(days=n / 100)) for n in range(20))
    results = {
        join: tuple(Result(r.id, "failed" if r.id in {"h0", "h19"} else "passed") for r in runs)
        for join in joins
    }
    past = Past(runs=runs, results=results, seen={KEY: ("h0", "h19")}, tests={KEY: tuple(joins)})
    green(tracker, 2, past=past)
    assert "1 of 32 clean runs" in tracker.read(1).body


def test_what_occurs_too_rarely_is_left_to_a_person(tracker):
    red(tracker, 1, GROUP)
    joins = [f.join for f in GROUP.failures]
    runs = tuple(PastRun(f"h{n}", DAY + timedelta(days=n / 100)) for n in range(60))
    results = {
        join: tuple(Result(r.id, "failed" if r.id in {"h0", "h59"} else "passed") for r in runs)
        for join in joins
    }
    past = Past(runs=runs, results=results, seen={KEY: ("h0", "h59")}, tests={KEY: tuple(joins)})
    green(tracker, 2, past=past)
    assert "it occurs in 2 of 60 runs, too rarely to prove that it is gone" in tracker.read(1).body


def test_a_list_of_tests_that_does_not_fit_needs_history(tracker):
    wide = group(tests=[f"test_{n}" for n in range(2_000)])
    red(tracker, 1, wide)
    green(tracker, 2, passed=[f"test_{n}" for n in range(2_000)])
    issue = tracker.read(1)
    assert issue.marker.clean == 0
    assert "closing by proof needs history" in issue.body
    past = Past(tests={KEY: tuple(f.join for f in wide.failures)})
    green(tracker, 3, passed=[f"test_{n}" for n in range(2_000)], past=past)
    assert tracker.read(1).marker.clean == 1


def test_open_issues_with_tests_in_common_are_linked(tracker):
    red(tracker, 1, group(tests=["a", "b", "c"]), group("env-cccccccccccc", ["x"]))
    red(tracker, 2, group("timeout-dddddddddddd", ["b", "c", "d"]))
    assert "**Related:** #1 (2 tests in common)." in tracker.read(3).body
    assert "Related" not in tracker.read(2).body
    tracker.close(1)
    red(tracker, 3, group("timeout-dddddddddddd", ["b", "c", "d"]))
    assert "Related" not in tracker.read(3).body


def test_five_related_issues_at_most_the_closest_first(tracker):
    names = "abcdefg"
    others = [group(f"env-{n:012d}", names[: n + 1]) for n in range(6)] + [group("env-x", ["z"])]
    red(tracker, 1, *others)
    red(tracker, 2, group("timeout-dddddddddddd", names))
    body = next(i for i in tracker.issues() if i.marker.key == "timeout-dddddddddddd").body
    (line,) = [line for line in body.splitlines() if line.startswith("**Related:**")]
    assert [part.partition("(")[2] for part in line.split(", ")] == [
        "6 tests in common)",
        "5 tests in common)",
        "4 tests in common)",
        "3 tests in common)",
        "2 tests in common).",
    ]
