"""Ten causes and a cap of five: who is asked about what, in which order, over days; and what no money is spent on."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.analyst import analyst, problem
from tests.cli.conftest import Command, Said
from tests.models.stub import Stub, message, serving
from triagebot.issues.marker import read_marker

KEY = "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0"
NAMES = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "islet", "jetty")
CAP = 5


def report(folder: Path, names: Iterable[str] = NAMES, *, passing: int = 60, file: str = "junit.xml") -> Path:
    """A report with one cause for each name, and tests that passed."""
    cases = [
        f'<testcase classname="tests.e2e.test_{name}" name="test_{name}" time="1.5">'
        f'<failure message="shop.errors.{name.title()}Error: {name} is closed">'
        f"shop.errors.{name.title()}Error: {name} is closed</failure></testcase>"
        for name in names
    ]
    cases += [
        f'<testcase classname="tests.e2e.test_ok" name="test_{at}" time="1.0"/>' for at in range(passing)
    ]
    path = folder / file
    path.write_text(f'<testsuite name="pytest" tests="{len(cases)}">{"".join(cases)}</testsuite>')
    return path


Triage = Callable[..., Said]


@pytest.fixture
def triage(triagebot: Command, tmp_path: Path) -> Triage:
    """Triage a report with these causes as run `id`, with limits for drafting."""

    def call(
        stub: Stub | None, id: str, *more: object, names: Iterable[str] = NAMES, drafts: str = "", **held: Any
    ) -> Said:
        (tmp_path / "triagebot.toml").write_text(f"[drafts]\n{drafts}\n")
        environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": stub.url} if stub else {}
        path = report(tmp_path, names, **held)
        argv = ("--config", tmp_path / "triagebot.toml", "--run-id", id, *more)
        return triagebot("triage", path, *argv, environ=environ)

    return call


def asked(stub: Stub, since: int = 0) -> list[str]:
    """The names of the causes that the model was asked about, in order; a repair again."""
    return [re.findall(r"(\w+)Error", problem(body))[0].lower() for body in stub.bodies[since:]]


def issues(triagebot: Command) -> dict[str, dict[str, Any]]:
    """Issues by the name of their cause."""
    every = json.loads(triagebot("issues", "list", "--all", "--json").out)
    shown = [json.loads(triagebot("issues", "show", issue["number"], "--json").out) for issue in every]
    return {re.findall(r"(\w+)Error", issue["title"])[0].lower(): issue for issue in shown}


def drafted(triagebot: Command) -> set[str]:
    return {name for name, issue in issues(triagebot).items() if issue["marker"].get("drafted") == "model"}


def owed(triagebot: Command) -> set[str]:
    return {name for name, issue in issues(triagebot).items() if issue["marker"].get("owed")}


def test_five_are_asked_about_the_rest_is_owed_and_paid_first_by_the_next_run(
    triagebot: Command, triage: Triage
) -> None:
    with serving(analyst()) as stub:
        said = triage(stub, "one")
        first = asked(stub)
        assert len(set(first)) == len(first) == CAP
        assert drafted(triagebot) == set(first)
        assert owed(triagebot) == set(NAMES) - set(first)
        assert "Drafts: 5 cap_groups, 5 drafted, 5 owed to the next run. 5 calls" in said.err
        over = [issue["body"] for name, issue in issues(triagebot).items() if name not in first]
        assert all(
            "No language model was used (the run's cap on drafts was reached)" in body for body in over
        )
        before = issues(triagebot)

        said = triage(stub, "two", names=("aaaaa", *NAMES))
        assert set(asked(stub, CAP)) == set(NAMES) - set(first), "owed ones go before what is new"
        assert owed(triagebot) == {"aaaaa"}
        for name in first:
            assert draft_of(issues(triagebot)[name]) == draft_of(before[name]), "what stands is left alone"

        triage(stub, "three", names=("aaaaa", *NAMES))
        assert asked(stub, 2 * CAP) == ["aaaaa"]
        assert triage(stub, "four", names=("aaaaa", *NAMES)).err == ""
    assert len(stub.asked) == 2 * CAP + 1
    assert owed(triagebot) == set()


def draft_of(issue: dict[str, Any]) -> str:
    """The draft in an issue's body."""
    found = re.search(r"(?s)### Five whys \(draft\).*?\*Drafted by[^\n]*", issue["body"])
    assert found
    return found[0]


def test_owed_ones_are_asked_about_in_their_order_of_urgency(triagebot: Command, triage: Triage) -> None:
    with serving(analyst()) as stub:
        triage(stub, "one", drafts="parallel = 1\nmax_groups = 2")
        triage(stub, "two", drafts="parallel = 1\nmax_groups = 10")
    listed = [issue["title"] for issue in json.loads(triagebot("issues", "list", "--json").out)]
    urgent = [re.findall(r"(\w+)Error", title)[0].lower() for title in listed]
    assert asked(stub) == urgent


def test_repairs_come_on_top_of_the_cap_and_nothing_else_does(triage: Triage) -> None:
    with serving(message("no JSON at all")) as stub:
        said = triage(stub, "one")
    names = asked(stub)
    assert len(names) == 2 * CAP
    assert len(set(names)) == CAP
    assert "5 not_schema" in said.err
    assert "5 owed to the next run" in said.err


def test_the_budget_stops_the_run_says_so_and_the_next_run_pays(triagebot: Command, triage: Triage) -> None:
    usage = {"input_tokens": 20_000, "output_tokens": 10_000}

    def dear(handler: Any, body: dict[str, Any]) -> None:
        analyst(usage=usage)(handler, body)

    with serving(dear) as stub:
        said = triage(stub, "one", drafts="max_groups = 10\nmax_usd = 0.45\nparallel = 1")
        calls = len(stub.asked)
        assert 1 <= calls < len(NAMES)
        assert f"{len(NAMES) - calls} cap_usd" in said.err
        assert f"{len(NAMES) - calls} owed to the next run" in said.err
        spent = re.search(r"\$(\d\.\d\d)", said.err)
        assert spent and float(spent[1]) <= 0.45
        paid = drafted(triagebot)
        unpaid = [issue for name, issue in issues(triagebot).items() if name not in paid]
        assert all("(the run's budget was spent)" in issue["body"] for issue in unpaid)

        triage(stub, "two", drafts="max_groups = 10\nmax_usd = 5.0")
    assert set(asked(stub, calls)) == set(NAMES) - paid
    assert drafted(triagebot) == set(NAMES)


def test_an_outage_leaves_all_owed_and_the_next_run_asks_again(triagebot: Command, triage: Triage) -> None:
    assert triage(None, "one").code == 0
    assert owed(triagebot) == set(NAMES), "without a key every draft is owed"
    with serving(analyst()) as stub:
        triage(stub, "two")
    assert len(stub.asked) == CAP
    assert len(owed(triagebot)) == len(NAMES) - CAP


def test_what_came_back_with_the_same_evidence_is_not_paid_for_twice(
    triagebot: Command, triage: Triage
) -> None:
    with serving(analyst()) as stub:
        triage(stub, "one", "--revision", "r1", names=["amber"])
        before = draft_of(issues(triagebot)["amber"])
        triagebot("issues", "close", "1")
        said = triage(stub, "two", "--revision", "r2", names=["amber"])
        after = issues(triagebot)["amber"]
        assert (after["state"], draft_of(after)) == ("open", before)
        assert "stands (the draft on its issue was made from the same evidence and stands)" in said.err
        assert "No call was made." in said.err
        assert len(stub.asked) == 1


def test_what_came_back_with_other_evidence_is_drafted_anew(
    triagebot: Command, triage: Triage, tmp_path: Path
) -> None:
    (tmp_path / "shop.log").write_text("2026-11-20T10:00:00Z ERROR shop ledger is locked\n")
    with serving(analyst()) as stub:
        triage(stub, "one", "--revision", "r1", names=["amber", "birch"])
        triagebot("issues", "close", "1")
        triage(stub, "two", "--revision", "r2", "--logs", "shop.log", names=["amber"])
    assert asked(stub)[2:] == ["amber"]
    assert "ledger is locked" in stub.bodies[2]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("passing", "more", "config"),
    [
        (5, [], ""),
        (60, ["--max-new-issues", "0"], ""),
        (60, [], "[limits]\nbreaker = 3\n"),
        (60, ["--branch", "feature"], '[[scopes]]\nbranch = "main"\n'),
    ],
    ids=["parts of an incident", "held by the cap", "stopped by the breaker", "a scope that files nothing"],
)
def test_nothing_is_spent_on_what_is_not_filed(
    triage: Triage, tmp_path: Path, passing: int, more: list[str], config: str
) -> None:
    with serving(analyst()) as stub:
        triage(stub, "one", *more, passing=passing, drafts=f"max_groups = 5\n{config}")
    assert stub.asked == []


def test_the_marker_tells_what_a_draft_was_made_from(triagebot: Command, triage: Triage) -> None:
    with serving(analyst()) as stub:
        triage(stub, "one", names=["amber", "birch"])
    markers = [read_marker(issue["body"]) for issue in issues(triagebot).values()]
    onces = {marker.draft_once for marker in markers}
    assert len(onces) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", once) for once in onces)
