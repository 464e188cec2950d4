"""What the runner is told: summary, annotations and outputs of made-up triages."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.worlds import group, run
from triagebot.cli.output import actions
from triagebot.cli.output.actions import (
    Annotation,
    command,
    conclude,
    heredoc,
    publish,
    texts_of_applied,
    texts_of_runs,
)
from triagebot.config import Config, Suite
from triagebot.history.heartbeat import Heartbeat
from triagebot.issues import Issue, Match
from triagebot.pipeline.triaging import Planned
from triagebot.plans import Held, Outcome, Plan
from triagebot.plans.model import Absent, OpenIssue
from triagebot.reports.model import Problem

HOME = "https://github.com/acme/shop"
OPEN = OpenIssue("ws.close-aaaaaaaaaaaa", "0" * 64, Absent("k"), "t", "s", ())


def match(state="new", number=None, **changes):
    issue = Issue(number, "t", "b", "open", (), "bot") if number else None
    return Match(group(**changes), state, issue)


def done(*matches, outcomes=(), **changes):
    groups = [found.group for found in matches]
    plan = Plan("r1", (), **changes)
    return [(Planned(run("r1", groups, ["green"]), tuple(matches), plan), tuple(outcomes))]


def idle():
    """A run in which nothing was to run."""
    nothing = replace(run("r2"), cases=(), status="empty", idle="everything was skipped: 2 tests")
    return [(Planned(nothing, (), Plan("r2", ())), ())]


def told(found, config=None, **more):
    return texts_of_runs(found, config or Config(), home=HOME, **more)


@pytest.mark.parametrize(
    ("found", "conclusion"),
    [
        ([], "no-reports"),
        (done(), "clean"),
        (idle(), "empty"),
        ([*idle(), *done()], "clean"),
        ([*idle(), *done(match("known", 1))], "known"),
        (done(match("known", 1)), "known"),
        (done(match("muted", 1)), "known"),
        (done(match("known", 1), match("new", key="b-1")), "new"),
        (done(match("new"), match("regressed", 2, key="b-1")), "regressed"),
        (
            done(match("regressed", 2), match("new", key="run.unreadable-1", kind="run.unreadable")),
            "unreadable",
        ),
        (done(match("new"), outcomes=[Outcome(OPEN, "failed")]), "refused"),
        (done(match("new"), outcomes=[Outcome(OPEN, "stale")]), "refused"),
        (done(match("new"), blocked="too many"), "refused"),
    ],
)
def test_the_conclusion_is_the_worst_of_it(found, conclusion):
    assert conclude(found) == conclusion


def test_a_run_in_which_nothing_ran_does_not_look_green():
    text = told(idle()).summary
    assert "Nothing ran" in text
    assert "everything was skipped: 2 tests" in text
    assert "Nothing is broken" not in text


def test_the_summary_says_what_broke_where_it_is_filed_and_what_is_at_risk():
    text = told(
        done(
            match("regressed", 7),
            match("new", key="b-1"),
            outcomes=[Outcome(replace(OPEN, key="b-1"), "applied", 9)],
        )
    ).summary
    assert "1 came back, 1 new" in text
    assert f"[#7]({HOME}/issues/7) | came back | P1 | 2 |" in text
    assert f"[#9]({HOME}/issues/9) | new" in text
    assert "chat golden path" in text


def test_the_summary_names_what_passed_that_matters():
    config = Config(
        suites=(
            Suite(match="*green", name="login", priority="P1"),
            Suite(match="*", name="all", priority="P2"),
        )
    )
    text = told(done(match()), config).summary
    assert "login (P1, 1 tests)" in text
    assert "all (P2" not in text


def test_the_summary_shows_what_was_held_refused_and_unreadable():
    found = done(
        match(),
        outcomes=[Outcome(OPEN, "failed", None, "no answer")],
        held=(Held("k", "over the cap"),),
        problems=(Problem("a.xml", "cut off"),),
    )
    text = told(found).summary
    assert "1 × over the cap" in text
    assert ": no answer" in text
    assert "a.xml: cut off" in text


def test_at_most_ten_annotations_the_worst_first():
    matches = [match("known", n, key=f"k-{n:02}") for n in range(1, 30)] + [match("regressed", 99, key="z")]
    annotations = told(done(*matches)).annotations
    assert len(annotations) == 10
    assert [a.level for a in annotations] == ["error"] + ["warning"] * 9


def test_the_summary_stays_below_the_runners_limit(monkeypatch):
    monkeypatch.setattr(actions, "SUMMARY_BYTES", 3000)
    matches = [match("new", key=f"k-{n:03}", title="é" * 150) for n in range(90)]
    text = told(done(*matches, held=(Held("k", "h" * 200),))).summary
    assert len(text.encode()) <= 3000
    assert "Cut" in text


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_its_annotation(title, message, file):
    line = command(Annotation("error", title, message, file))
    assert "\n" not in line
    assert "\r" not in line
    head, _, _ = line.removeprefix("::").partition("::")
    properties = dict(part.split("=", 1) for part in head.partition(" ")[2].split(","))
    assert set(properties) <= {"file", "title"}


@given(st.text())
def test_an_output_holds_whatever_it_is_given(value):
    text = heredoc("issues-json", value, "0" * 32)
    assert text == f"issues-json<<triagebot_{'0' * 32}\n{value}\ntriagebot_{'0' * 32}\n"


def test_an_output_that_holds_its_own_delimiter_is_refused():
    with pytest.raises(ValueError, match="delimiter"):
        heredoc("new", "1\ntriagebot_abc\nnew<<x", "abc")


def test_annotations_step_out_of_the_quiet_and_back(tmp_path):
    log = io.StringIO()
    environ = {
        "GITHUB_STEP_SUMMARY": str(tmp_path / "s"),
        "GITHUB_OUTPUT": str(tmp_path / "o"),
        actions.QUIET: "tok",
    }
    publish(told(done(match())), environ, log, "0" * 32)
    lines = log.getvalue().splitlines()
    assert lines[0] == "::tok::"
    assert lines[-1] == "::stop-commands::tok"
    assert lines[1].startswith("::error ")
    assert (tmp_path / "s").read_text("utf-8").startswith("## ")


def test_a_runner_that_names_no_files_gets_none():
    publish(told(done()), {}, io.StringIO(), "0" * 32)


@pytest.mark.parametrize("home", ["", "javascript:alert(1)/a/b", "https://x/a/b)](evil"])
def test_a_home_that_is_no_address_makes_no_link(home):
    text = texts_of_runs(done(match("known", 3)), Config(), home=home).summary
    assert "| #3 |" in text


def test_a_sweep_tells_when_runs_were_heard_of_and_annotates_silence():
    said = ("prod: no run was ever recorded", "staging, main: last run 9 days ago @octocat")
    told = texts_of_applied(Plan("sweep", ()), (), home=HOME, beat=Heartbeat(said, said[1:]))
    assert "prod: no run was ever recorded" in told.summary
    assert "@octocat" not in told.summary
    [annotation] = told.annotations
    assert (annotation.level, annotation.title) == ("error", "triagebot: silence")
    assert "9 days ago" in annotation.message
