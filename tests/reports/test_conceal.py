"""Names of a run without secrets: every one, and nothing else of it."""

from dataclasses import replace

from triagebot.reports.model import Attempt, Case, Failure, Problem, Run, Section, Totals
from triagebot.reports.name_redaction import concealed


def hide(text: str) -> str:
    return text.replace("hunter2", "[hidden]")


def case(name: str) -> Case:
    failure = Failure(
        f"a.py::{name}", f"a.{name}", "call", "said hunter2", "text hunter2", (), (Section("log", "hunter2"),)
    )
    return Case(
        failure.test, failure.join, "failed", (Attempt("failed", (failure,)), Attempt("failed", (failure,)))
    )


RUN = Run("r-hunter2", ("junit-xml",), (case("t[hunter2]"), case("u")), Totals(2), "failed")


def test_every_name_is_concealed() -> None:
    run = replace(
        RUN, environment="e hunter2", branch="b hunter2", commit="c hunter2", revision="v hunter2",
        url="https://ci/hunter2", problems=(Problem("hunter2.xml", "hunter2 is no test"),),
    )  # fmt: skip
    found = concealed(run, hide)
    said = (
        found.id,
        found.environment,
        found.branch,
        found.commit,
        found.revision,
        found.url,
        found.problems,
    )
    assert "hunter2" not in str(said)
    first = found.cases[0]
    assert {first.test, *(f.test for a in first.attempts for f in a.failures)} == {"a.py::t[[hidden]]"}
    assert {first.join, *(f.join for a in first.attempts for f in a.failures)} == {"a.t[[hidden]]"}


def test_what_tests_said_stays_for_signatures_are_made_from_it() -> None:
    failure = next(concealed(RUN, hide).failures)
    assert (failure.message, failure.text, failure.sections[0].text) == (
        "said hunter2",
        "text hunter2",
        "hunter2",
    )


def test_a_run_without_secrets_in_its_names_is_the_very_same() -> None:
    run = replace(RUN, id="r", cases=(case("u"),))
    assert concealed(run, hide) is run
    assert concealed(RUN, hide).cases[1] is RUN.cases[1]
