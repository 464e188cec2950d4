"""Judgements of the board that the sixteen days do not show: drafts of a model, means, streams, what is nobody's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.boards import values
from triagebot.boards import board
from triagebot.boards.dashboard import needs_you
from triagebot.boards.model import Week
from triagebot.boards.words import headline, trend_word, what_broke
from triagebot.config import Config, Limits, Risk, Suite
from triagebot.history import PastRun, Timeline
from triagebot.issues import Act, DraftedWhy, Issue, Marker, Occurrence
from triagebot.redact import Fact
from triagebot.reports.model import Scope

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCOPE = Scope(Fact("staging"), Fact("main"))
WHYS = (DraftedWhy("1", "It broke.", "primary"),)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def marker(number: int = 1, days: float = 10, **more) -> Marker:
    row = Occurrence(Fact(f"r{number}"), ago(days), 1, 1, environment=SCOPE.environment, branch=SCOPE.branch)
    told = {"tests": (f"tests/test_{number}.py::test",), "first": row.at, "occurrences": (row,), "seen": 1}
    return Marker(f"k-{number}", 1, **(told | more))


def issue(number: int = 1, made: Marker | None = None, **more) -> Issue:
    told = {
        "title": f"Broken {number}",
        "body": "",
        "state": "open",
        "labels": ("triagebot",),
        "author": "bot",
    }
    return Issue(number=number, marker=made or marker(number), own=True, **(told | more))


def drawn(*issues: Issue, config: Config | None = None, lines=()):
    return board(issues, lines, config or Config(), NOW)


REVIEWED = [
    ("nobody said a word for a week", {"drafted": "model"}, (), True),
    ("a digest states no cause", {"drafted": "digest"}, (), False),
    ("nothing was drafted", {}, (), False),
    ("somebody did", {"drafted": "model"}, (Act("not-quite", "ada", NOW, "o", on=("1",)),), False),
    ("a word on something else", {"drafted": "model"}, (Act("owner", "ada", NOW, "o", said="x"),), True),
]


@pytest.mark.parametrize(("_what", "told", "acts", "unreviewed"), REVIEWED, ids=[row[0] for row in REVIEWED])
def test_unreviewed_is_a_draft_of_a_model_that_nobody_judged_for_a_week(_what, told, acts, unreviewed):
    made = marker(whys=WHYS, acts=acts, **told)
    assert drawn(issue(made=made)).open[0].unreviewed == unreviewed
    young = replace(made, first=ago(6), occurrences=())
    assert not drawn(issue(made=young)).open[0].unreviewed


def test_means_name_the_issues_that_they_are_over():
    judged = marker(2, drafted="model", whys=WHYS, acts=(Act("accept", "ada", ago(9), "o"),))
    mended = issue(3, state="closed", state_reason="completed", closed_at=ago(8))
    told = issue(4, state="closed", state_reason="not_planned", closed_at=ago(1))
    made = drawn(issue(1), issue(2, judged), mended, told)
    assert (made.to_review.hours, made.to_review.issues) == (24.0, (2,))
    assert (made.to_close.hours, made.to_close.issues) == (48.0, (3,))
    assert (made.drafts.accepted, made.drafts.drafts) == ((2,), (2,))


def test_the_review_of_what_came_back_is_measured_from_its_new_draft():
    judged = marker(1, acts=(Act("accept", "ada", ago(2), "o"),), last=("The pool is full.",))
    assert drawn(issue(1, judged)).to_review.issues == ()
    redrafted = replace(judged, drafted_at=ago(3))
    assert (drawn(issue(1, redrafted)).to_review.hours, drawn(issue(1, redrafted)).to_review.issues) == (
        24.0,
        (1,),
    )


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("[P1] It broke: 7 tests, chat ($120K MRR)", "It broke: 7 tests"),
        ("[P1] It broke: chat ($120K MRR)", "It broke"),
        ("[P1] It broke: 7 tests, login", "It broke: 7 tests, login"),
        ("[P2] A person named it, chat", "[P2] A person named it, chat"),
        ("[P1] chat ($120K MRR)", "chat ($120K MRR)"),
    ],
)
def test_a_row_does_not_repeat_the_priority_and_the_risk_that_stand_beside_it(title, told):
    one = replace(
        values.cause(1), title=title, priority="P1", risks=(Risk("chat", 120_000.0, "$ MRR", "chat"),)
    )
    assert what_broke(one) == told


def test_streams_count_once_and_units_stay_apart():
    suites = (
        Suite("tests/test_1.py", impact=Risk("chat", 100, "$ MRR", "chat")),
        Suite("tests/test_2.py", impact=Risk("chat, too", 250, "$ MRR", "chat")),
        Suite("tests/test_3.py", impact=Risk("year", 900, "$ ARR", "chat")),
        Suite("tests/test_4.py", impact=Risk("words only")),
    )
    made = drawn(*(issue(n) for n in range(1, 5)), config=Config(suites=suites))
    assert {total.unit: total.amount for total in made.totals} == {"$ MRR": 250, "$ ARR": 900}
    (chat,) = next(total for total in made.totals if total.unit == "$ MRR").stakes
    assert (chat.text, chat.issues) == ("chat, too", (1, 2))
    assert "$250 MRR, $900 ARR at risk" in headline(made)


OURS = [
    ("a label that a person took off", issue(made=marker(labels=("triagebot",)), labels=()), 0),
    ("ours without a marker", replace(issue(), marker=None), 1),
    ("a person's", replace(issue(), marker=None, own=False), 0),
    ("closed", issue(state="closed", closed_at=NOW), 0),
]


@pytest.mark.parametrize(("_what", "one", "count"), OURS, ids=[row[0] for row in OURS])
def test_open_are_the_open_issues_of_ours(_what, one, count):
    assert len(drawn(one).open) == count


def test_an_issue_without_a_marker_needs_a_person():
    (cause,) = drawn(replace(issue(), marker=None)).open
    assert (cause.state, needs_you(cause)) == ("unreadable", "its marker is lost")


PRIORITIES = [
    (("P3",), ("P3",), "P3"),
    (("P3", "P1"), ("P3",), "P1"),
    (("P5", "P1"), ("P1",), "P5"),
    ((), (), "P2"),
]


@pytest.mark.parametrize(("labels", "ours", "priority"), PRIORITIES)
def test_a_persons_priority_wins_then_ours_then_that_of_the_tests(labels, ours, priority):
    suites = (Suite("tests/*", priority="P2"),)
    made = drawn(issue(made=marker(labels=ours), labels=("triagebot", *labels)), config=Config(suites=suites))
    assert made.open[0].priority == priority


def line(days, seen=(), played=None):
    runs = tuple(PastRun(Fact(f"x{n}"), ago(day), Fact(f"c{n}")) for n, day in enumerate(days))
    told = {"k-1": {f"x{n}": 1 for n in seen}}
    every = {"k-1": dict.fromkeys((run.id for run in runs), (1, 0))} if played is None else played
    return Timeline(SCOPE, runs, dict.fromkeys((run.id for run in runs), "passed"), told, every)


def test_first_bad_and_last_good_are_around_this_failing_and_not_an_earlier_one():
    days = [20, 19, 18, 17, 16, 15, 14, 13]
    made = drawn(issue(made=marker(occurrences=(), first=ago(20))), lines=[line(days, seen=(0, 4, 6))])
    assert (made.open[0].first_bad, made.open[0].last_good) == ("c4", "c3")
    close = drawn(issue(made=marker(occurrences=(), first=ago(20))), lines=[line(days, seen=(1, 3, 6))])
    assert (close.open[0].first_bad, close.open[0].last_good) == ("c1", "c0")


def test_what_fails_without_an_issue_is_held_with_its_runs_and_why():
    seen = Timeline(SCOPE, line([3, 2]).runs, {}, {"lost-1": {"x0": 2, "x1": 1}, "old-1": {}}, {})
    made = board([issue()], [seen], Config(), NOW, {"lost-1": "over the cap"})
    assert [(held.key, held.reason, held.runs) for held in made.held] == [
        ("lost-1", "over the cap", ("x0", "x1"))
    ]


@pytest.mark.parametrize(("days", "silent"), [(1, False), (3, True)])
def test_a_scope_is_silent_after_the_days_that_people_named(days, silent):
    made = drawn(config=Config(limits=Limits(silence_days=2)), lines=[line([days])])
    assert made.scopes[0].silent == silent


WEEKS = [
    ([(0, 5), (0, 5), (1, 5), (2, 5)], "rising"),
    ([(3, 5), (1, 5), (0, 5), (0, 5)], "falling"),
    ([(1, 5), (1, 5), (1, 5), (1, 5)], "steady"),
    ([(0, 0), (0, 0), (1, 5), (1, 5)], ""),
]


@pytest.mark.parametrize(("weeks", "word"), WEEKS)
def test_the_trend_compares_shares_of_runs(weeks, word):
    made = tuple(Week(NOW.date(), tuple("f" * bad), tuple("r" * runs)) for bad, runs in weeks)
    assert trend_word(made) == word
