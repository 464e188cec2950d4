"""Reports become one run: what counts once, what is an attempt, what is a contradiction, what colour it all has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.reports import Context, different_runs, merge, parse
from triagebot.reports.model import Attempt, Case, Failure, Problem, Raised, Report, Section

DATA = Path(__file__).parent.parent / "data" / "pytest"
NOON = datetime(2025, 9, 10, 12, tzinfo=UTC)
NONE = Context()


def case(outcome="passed", test="a.py::t", *, phase=None, text="E   boom", message="boom", attempts=()):
    join = test.replace(".py::", ".").replace("::", ".")
    phase = phase or ("call" if outcome == "failed" else "setup")
    failures = (Failure(test, join, phase, message, text),) if outcome in ("failed", "error") else ()
    return Case(test, join, outcome, (*attempts, Attempt(outcome, failures)))


def report(*cases, format="pytest-json", sha="1", started=NOON, **rest):
    return Report(f"{sha}.json", sha, format, cases, started, **rest)


def sample(name):
    return parse(name, (DATA / name).read_bytes())


STATUS = [  # reports, status, complete
    ([], "empty", True),
    ([report()], "empty", True),
    ([report(exit_code=5)], "empty", True),
    ([report(case())], "passed", True),
    ([report(case("skipped"))], "empty", True),
    ([report(case("xfailed"), case("xpassed", "b.py::t"))], "passed", True),
    ([report(case("failed"))], "failed", True),
    ([report(case("error"))], "failed", True),
    ([report(case("error", phase="collect"), exit_code=2, complete=False)], "failed", False),
    ([report(case("failed"), exit_code=3, complete=False)], "errored", False),
    ([report(exit_code=3, complete=False)], "errored", False),
    ([report(exit_code=4, complete=False)], "errored", False),
    ([report(case(), exit_code=1)], "errored", True),
    ([report(case(), exit_code=137)], "errored", True),
    ([report(case(), exit_code=2, complete=False)], "interrupted", False),
    ([report(case(), complete=False)], "interrupted", False),
    ([report(unnamed={"passed": 3})], "passed", True),
    ([report(unnamed={"passed": 3, "failed": 1})], "errored", True),
    ([report(readable=False, complete=False)], "unreadable", False),
    ([report(case()), report(sha="2", readable=False, complete=False)], "errored", False),
    ([report(case("failed")), report(sha="2", readable=False, complete=False)], "failed", False),
]


@pytest.mark.parametrize("reports, status, complete", STATUS)
def test_status_is_green_only_on_proof(reports, status, complete):
    run = merge(reports, NONE)
    assert (run.status, run.complete) == (status, complete)


def test_an_input_that_never_became_a_report_keeps_a_run_from_being_green():
    run = merge([report(case())], NONE, [Problem("b.zip", "a bomb")])
    assert (run.status, run.complete, run.problems) == ("errored", False, (Problem("b.zip", "a bomb"),))
    assert merge([], NONE, [Problem("b.zip", "a bomb")]).status == "unreadable"


def test_three_formats_of_one_run_count_each_case_once():
    run = merge([sample("kinds.json"), sample("kinds.xml"), sample("kinds.txt")], NONE)
    alone = merge([sample("kinds.json")], NONE)
    assert run.totals == alone.totals
    assert run.formats == ("pytest-json", "junit-xml", "pytest-terminal")
    assert run.problems == ()
    assert [c.test for c in run.cases] == [c.test for c in alone.cases]


@pytest.mark.parametrize(
    "suite", ["kinds", "kinds-xdist", "reruns", "crash", "collection", "timeout", "logs"]
)
def test_formats_agree_on_what_failed_where_and_why(suite):
    told = [sample(f"{suite}.{ending}") for ending in ("json", "xml", "txt")]
    json, xml, txt = ({(f.join, f.phase): f.message for c in r.cases for f in c.failures} for r in told)
    subtests = ("tests.test_kinds.test_subtests", "call")
    for found in (json, xml, txt):
        found.pop(subtests, None)
    assert json == xml == txt


def test_what_the_richest_format_lost_comes_from_the_others():
    run = merge([sample("kinds.json"), sample("kinds.xml")], NONE)
    (subtests,) = [c for c in run.cases if c.test.endswith("::test_subtests")]
    assert [f.message for f in subtests.failures] == ["assert 1 != 1"]
    (more,) = [c for c in run.cases if c.test.endswith("::test_subtests_and_more")]
    assert [f.message for f in more.failures] == ["assert 0 > 5", "AssertionError: own\nassert 0"]


def test_reruns_that_json_forgot_are_counted_from_junit():
    assert merge([sample("reruns.json")], NONE).totals.rerun == 1
    run = merge([sample("reruns.json"), sample("reruns.xml")], NONE)
    flaky = run.cases[0]
    assert run.totals.rerun == 6
    assert [a.outcome for a in flaky.attempts] == ["failed", "failed", "passed"]
    assert flaky.outcome == "passed"


def test_text_is_filled_from_another_format_and_the_node_id_is_kept():
    bare = replace(case("failed", text="", message=""), test="a.py::t")
    told = Case(
        "a::t",
        "a.t",
        "failed",
        (Attempt("failed", (Failure("a::t", "a.t", "call", "boom", "E boom", (), (Section("out", "x"),)),)),),
    )
    run = merge([report(bare), report(told, format="junit-xml", sha="2")], NONE)
    (failure,) = run.failures
    assert (failure.test, failure.message, failure.text) == ("a.py::t", "boom", "E boom")
    assert failure.sections == (Section("out", "x"),)


def failed(*failures, chain=()):
    """A case with failures of (phase, text)."""
    told = tuple(Failure("a.py::t", "a.t", phase, "", text, chain) for phase, text in failures)
    return Case("a.py::t", "a.t", "failed", (Attempt("failed", told),))


MERGED = {
    "what only the other knows is added in order": (
        failed(("teardown", "E gone")),
        failed(("call", "E boom")),
        ["E boom", "E gone"],
    ),
    "as many of one phase are the same": (
        failed(("call", "E one"), ("call", "E two")),
        failed(("call", "E uno"), ("call", "E due")),
        ["E one", "E two"],
    ),
    "more of one phase win": (
        failed(("call", "E one")),
        failed(("call", "E one"), ("call", "E two")),
        ["E one", "E two"],
    ),
    "fewer of one phase lose": (
        failed(("call", "E one"), ("call", "E two")),
        failed(("call", "E one")),
        ["E one", "E two"],
    ),
    "what the plugin saw stays": (
        failed(("call", "E one"), chain=(Raised("ValueError", "one"),)),
        failed(("call", "E one"), ("call", "E two")),
        ["E one"],
    ),
}


@pytest.mark.parametrize(("rich", "other", "texts"), MERGED.values(), ids=MERGED)
def test_failures_of_two_formats_become_those_of_one_case(rich, other, texts):
    run = merge([report(rich), report(other, format="junit-xml", sha="2")], NONE)
    assert [failure.text for failure in run.failures] == texts


@pytest.mark.parametrize("richer", [True, False])
def test_the_output_of_a_case_is_that_of_the_format_that_has_it(richer):
    mute, said = failed(("call", "E boom")), failed(("call", "E boom"))
    section = Section("Captured stdout call", "hello")
    said = replace(
        said,
        attempts=(replace(said.attempts[0], failures=(replace(said.failures[0], sections=(section,)),)),),
    )
    one, other = (said, mute) if richer else (mute, said)
    run = merge([report(one), report(other, format="junit-xml", sha="2")], NONE)
    assert run.cases[0].attempts[-1].sections == (section,)


def test_formats_that_disagree_keep_the_failure_and_say_so():
    run = merge([report(case()), report(case("failed"), format="junit-xml", sha="2")], NONE)
    assert run.status == "failed"
    assert [p.reason for p in run.problems] == [
        "a.py::t: pytest-json says passed and junit-xml says failed; the failure is kept"
    ]


def test_many_disagreements_are_summed_up():
    green = report(*(case(test=f"a.py::t{i}") for i in range(9)))
    red = report(*(case("failed", f"a.py::t{i}") for i in range(9)), format="junit-xml", sha="2")
    problems = merge([green, red], NONE).problems
    assert len(problems) == 6
    assert problems[-1].reason == "4 more cases on which the reports disagree"


def test_a_pass_after_a_failure_in_a_later_report_is_a_rerun():
    later = NOON + timedelta(minutes=5)
    run = merge([report(case(), sha="2", started=later), report(case("failed"))], NONE)
    assert (run.status, run.totals.rerun, run.problems) == ("passed", 1, ())
    assert [a.outcome for a in run.cases[0].attempts] == ["failed", "passed"]


def test_without_a_clock_a_pass_and_a_failure_contradict():
    run = merge([report(case("failed"), started=None), report(case(), sha="2", started=None)], NONE)
    assert run.status == "failed"
    assert "the failure is kept" in run.problems[0].reason


def test_legs_keep_their_cases_apart():
    run = merge([report(case("failed"), leg="b"), report(case(), leg="a", sha="2")], NONE)
    assert [(c.leg, c.outcome) for c in run.cases] == [("a", "passed"), ("b", "failed")]
    assert (run.totals.collected, run.totals.rerun, run.problems) == (2, 0, ())
    assert merge([report(case())], Context(leg="x")).cases[0].leg == "x"


def test_the_same_file_twice_counts_once():
    assert merge([report(case("failed")), report(case("failed"))], NONE).totals.failed == 1


def test_a_report_beside_the_logs_of_several_jobs_is_of_the_one_whose_log_names_its_tests():
    logs = [
        report(case("failed", f"{job}.py::t"), format="pytest-terminal", sha=job, job=job)
        for job in ("east", "west")
    ]
    east = report(case("failed", "east.py::t"), case(test="east.py::u"), format="junit-xml", sha="x")
    run = merge([*logs, east], NONE)
    assert sorted((c.leg, c.test, c.outcome) for c in run.cases) == [
        ("east", "east.py::t", "failed"),
        ("east", "east.py::u", "passed"),
        ("west", "west.py::t", "failed"),
    ]


def test_a_report_that_several_jobs_may_have_written_is_of_none():
    logs = [report(case("failed"), format="pytest-terminal", sha=job, job=job) for job in ("east", "west")]
    run = merge([*logs, report(case("failed"), format="junit-xml", sha="x")], NONE)
    assert sorted(c.leg for c in run.cases) == ["", "east", "west"]


def test_a_case_of_two_files_that_count_nothing_is_collected_once():
    run = merge([report(case(), format="junit-xml", sha=sha) for sha in "12"], NONE)
    assert run.totals.collected == 1


def test_counts_without_names_are_used_only_where_nothing_names_them():
    text = report(unnamed={"passed": 2}, format="pytest-terminal", sha="2", started=None)
    named = report(case(), case(test="b.py::t"))
    assert merge([text], NONE).totals.passed == 2
    assert merge([text, named], NONE).totals.passed == 2


UNNAMED = [  # what another report names beside a log of one failure, 3 passes and 1 skip; the totals: passed, failed, skipped
    ("the same tests", [case("failed"), *(case(test=f"b.py::{n}") for n in "xyz"), case("skipped", "c.py::t")], (3, 1, 1)),
    ("a part of them", [case("failed"), case(test="b.py::x")], (3, 1, 1)),
    ("other tests", [case("failed", "d.py::t"), case(test="d.py::u")], (4, 2, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("others", "totals"), [row[1:] for row in UNNAMED], ids=[row[0] for row in UNNAMED])
def test_counts_of_a_log_count_for_tests_that_no_report_beside_it_names(others, totals):
    log = report(case("failed"), unnamed={"passed": 3, "skipped": 1}, format="jest-terminal", sha="2")
    told = merge([log, report(*others, format="junit-xml")], NONE).totals
    assert (told.passed, told.failed, told.skipped) == totals


def test_a_heading_without_a_file_joins_the_case_it_can_only_mean():
    short = Case(
        "TestX.t",
        "TestX.t",
        "failed",
        (Attempt("failed", (Failure("TestX.t", "TestX.t", "call", "boom", "E"),)),),
    )
    full = case("failed", "d/a.py::TestX::t", text="")
    full = replace(
        full,
        join="d.a.TestX.t",
        attempts=(replace(full.attempts[0], failures=(replace(full.failures[0], join="d.a.TestX.t"),)),),
    )
    run = merge([report(full), report(short, format="pytest-terminal", sha="2", started=None)], NONE)
    assert [(c.test, c.failures[0].text) for c in run.cases] == [("d/a.py::TestX::t", "E")]


def test_context_wins_over_what_reports_say():
    said = report(case(), facts={"environment": "staging", "branch": "main"})
    run = merge([said], Context(run_id="r1", branch="next", commit="abc", revision="rev", url="https://ci/1"))
    assert (run.id, run.environment, run.branch, run.commit, run.revision, run.url) == (
        "r1",
        "staging",
        "next",
        "abc",
        "rev",
        "https://ci/1",
    )
    assert (run.scope.environment, run.scope.branch) == ("staging", "next")


def test_the_gravest_exit_code_and_the_earliest_start_stand_for_the_run():
    early = NOON - timedelta(hours=1)
    run = merge(
        [
            report(exit_code=1),
            report(exit_code=3, sha="2", started=early),
            report(exit_code=0, sha="3", started=None),
        ],
        NONE,
    )
    assert (run.exit_code, run.started) == (3, early)


def test_durations_add_up_in_one_format_and_legs_run_beside_each_other():
    reports = [
        report(duration_s=2.0),
        report(duration_s=3.0, sha="2"),
        report(duration_s=4.0, sha="3", format="junit-xml"),
        report(duration_s=1.0, sha="4", leg="b"),
    ]
    assert merge(reports, NONE).duration_s == 5.0


def test_the_run_id_is_the_content_and_nothing_else():
    one, two = report(case()), report(case("failed"), sha="2")
    ids = {merge(list(order), NONE).id for order in permutations([one, two])}
    assert len(ids) == 1
    assert merge([replace(one, path="elsewhere.json"), two], NONE).id in ids
    assert merge([one], NONE).id not in ids


def test_order_of_reports_changes_nothing():
    names = ("kinds.json", "kinds.xml", "reruns.xml", "crash.txt", "maxfail.json")
    reports = [sample(name) for name in names]
    runs = [merge(list(order), NONE) for order in permutations(reports)]
    assert all(run == runs[0] for run in runs)


later = NOON + timedelta(minutes=5)
DIFFERENT = [
    ([report(case()), report(case(), sha="2", started=later)], True),
    ([report(case()), report(case(test="b.py::t"), sha="2", started=later)], False),
    ([report(case()), report(case(), sha="2", started=later, leg="b")], False),
    ([report(case()), report(case(), sha="2", started=later, format="junit-xml")], False),
    ([report(case()), report(case(), sha="2", started=None)], False),
    ([report(case()), report(case(), sha="2", started=NOON + timedelta(seconds=0.5))], False),
    ([report(case()), report(case())], False),
    ([], False),
]


@pytest.mark.parametrize("reports, apart", DIFFERENT)
def test_one_case_of_one_format_with_two_starts_means_two_runs(reports, apart):
    said = different_runs(reports)
    assert (said is not None) == apart
    if said:
        assert "a.py::t" in said
        assert "2025-09-10 12:05:00 UTC" in said


outcomes = st.sampled_from(["passed", "failed", "error", "skipped", "xfailed", "xpassed"])
reports_of = st.builds(
    lambda cases, kind, sha, leg, minutes: report(
        *(case(outcome, f"a.py::t{name}") for name, outcome in cases.items()),
        format=kind,
        sha=str(sha),
        leg=leg,
        started=None if minutes is None else NOON + timedelta(minutes=minutes),
    ),
    st.dictionaries(st.integers(0, 4), outcomes),
    st.sampled_from(["pytest-json", "junit-xml", "pytest-terminal"]),
    st.integers(0, 50),
    st.sampled_from(["", "a"]),
    st.none() | st.integers(0, 3),
)


@given(st.lists(reports_of, max_size=5))
def test_every_case_counts_once_and_red_of_one_format_is_never_lost(reports):
    reports = list({r.sha256: r for r in reports}.values())
    run = merge(reports, NONE)
    named = {(r.leg, c.join) for r in reports for c in r.cases}
    assert {(c.leg, c.join) for c in run.cases} == named
    totals = run.totals
    assert (
        totals.passed + totals.failed + totals.error + totals.skipped + totals.xfailed + totals.xpassed
        == len(named)
    )
    if len(reports) == 1 and any(c.failures for c in reports[0].cases):
        assert run.status == "failed"
    assert merge(list(reversed(reports)), NONE) == run
