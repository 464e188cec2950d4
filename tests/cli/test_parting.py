"""One signature whose tests leave their green paths at two disjoint places: two parts of one issue, and two issues when one survives the fix of the other."""

import json
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.cli.conftest import NOON, Command
from tests.cli.test_green import report
from triagebot.trackers.local import LocalTracker

GREEN = {"test_a": "0 1<0 2<1", "test_b": "0 1<0 2<1", "test_c": "3 4<3 5<4", "test_d": "3 4<3 5<4"}
PRICE = {"test_a": "0 1<0", "test_b": "0 1<0"}
SHIP = {"test_c": "3 4<3", "test_d": "3 4<3"}
SAME = "no answer"


@pytest.fixture
def ran(triagebot: Command, tmp_path: Path):
    """Triages the day on which these tests failed, all with the same words, each at its own place."""

    def triage(day: int, *red: dict[str, str], commit: str = "", words: dict[str, str] | None = None) -> dict:
        broken = {test: calls for some in red for test, calls in some.items()}
        path = report(
            tmp_path / f"{day}.json", {**GREEN, **broken}, words or dict.fromkeys(broken, SAME), day
        )
        said = triagebot("triage", path, "--commit", commit or f"{day:07d}", "--json")
        assert said.code == 0, said.err
        return json.loads(said.out)

    return triage


def issues(triagebot: Command) -> list[tuple[int, str, list[str]]]:
    """Number, state and tests of every issue."""
    listed = json.loads(triagebot("issues", "list", "--all", "--json").out)
    shown = [json.loads(triagebot("issues", "show", str(one["number"]), "--json").out) for one in listed]
    return sorted((one["number"], one["state"], [t[-6:] for t in one["marker"]["tests"]]) for one in shown)


ALL = ["test_a", "test_b", "test_c", "test_d"]


def test_two_parts_stand_in_one_issue_in_explain_and_in_json(triagebot: Command, ran, tmp_path: Path) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    assert issues(triagebot) == [(1, "open", ALL)]
    body = triagebot("issues", "show", "1").out
    assert "Part 1 of 2, 2 of 4 tests: they leave the path of their last green run in shop:price" in body
    assert "Part 2 of 2, 2 of 4 tests: they leave the path of their last green run in shop:ship" in body
    place = body.index("leave their green path in `shop:ship`")
    assert body.index("::test_b`") < place < body.index("::test_c`")
    asked = (tmp_path / "1.json", "--green", tmp_path / "0.json")
    assert "Part 2 of 2" in triagebot("explain", *asked).out
    (cause,) = json.loads(triagebot("group", *asked, "--json").out)["causes"]
    assert [(part["name"], len(part["tests"])) for part in cause["parts"]] == [
        ("shop:price", 2),
        ("shop:ship", 2),
    ]


def test_the_part_that_survives_the_fix_of_the_other_gets_an_issue_that_says_where_it_came_from(
    triagebot: Command, ran
) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    triagebot("issues", "close", "1")
    ran(2, SHIP)
    assert [(n, state) for n, state, _ in issues(triagebot)] == [(1, "closed"), (2, "open")]
    assert issues(triagebot)[1][2] == ["test_c", "test_d"]
    assert "part of issue 1, whose fix it survived" in triagebot("issues", "show", "2").out
    assert ran(2, SHIP)["changes"] == []
    ran(3, SHIP)
    assert len(issues(triagebot)) == 2
    ran(4, PRICE, SHIP)
    assert [(n, state) for n, state, _ in issues(triagebot)] == [(1, "open"), (2, "open")]
    ran(5)
    assert len(issues(triagebot)) == 2


def test_a_part_survives_the_fix_that_a_person_named_where_the_tested_commit_has_it(
    triagebot: Command, ran
) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    assert triagebot("review", "1", "fixed-by 0000003", "--as", "ada").code == 0
    ran(2, SHIP)
    assert issues(triagebot) == [(1, "open", ALL)], "this commit has no fix yet"
    ran(3, SHIP)
    assert issues(triagebot)[1:] == [(2, "open", ["test_c", "test_d"])]
    assert "part of issue 1, whose fix it survived" in triagebot("issues", "show", "2").out
    for day in range(4, 12):
        ran(day, SHIP)
    assert [(n, state) for n, state, _ in issues(triagebot)] == [(1, "closed"), (2, "open")]


def test_a_part_that_is_proven_gone_leaves_the_other_an_issue_of_its_own(triagebot: Command, ran) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    for day in range(2, 12):
        ran(day, SHIP)
    assert issues(triagebot) == [(1, "closed", ["test_a", "test_b"]), (2, "open", ["test_c", "test_d"])]
    for day in range(12, 18):
        ran(day)
    assert [state for _, state, _ in issues(triagebot)] == ["closed", "closed"]


@pytest.mark.parametrize("red", [(PRICE, SHIP), (PRICE,)])
def test_when_the_first_part_fails_again_its_issue_comes_back(triagebot: Command, ran, red) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    triagebot("issues", "close", "1")
    ran(2)
    ran(3, *red)
    assert [(n, state) for n, state, _ in issues(triagebot)] == [(1, "open")]


def test_a_part_that_was_mended_as_well_and_comes_back_reopens_its_issue(triagebot: Command, ran) -> None:
    ran(0)
    ran(1, PRICE, SHIP)
    triagebot("issues", "close", "1")
    ran(2)
    ran(3, SHIP)
    assert [(n, state) for n, state, _ in issues(triagebot)] == [(1, "open")]


class Killed(BaseException):
    """The process dies here: no handler of the program may see it as an error."""


def kill_at(number: int | None):
    """Counts writes of all databases, and dies before the one of this number."""
    count = iter(range(10**6))

    def write(*_: object) -> None:
        if next(count) == number:
            raise Killed

    def statement(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            write()

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", write)

    def over() -> int:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", write)
        return next(count)

    return over


WORDS = {"test_a": "too dear", "test_b": "no price"}


def bodies(folder: Path) -> list[tuple[str, str]]:
    tracker = LocalTracker(folder / ".triagebot/triagebot.db", lambda: NOON)
    found = [(issue.state, issue.body) for issue in tracker.issues()]
    tracker.engine.dispose()
    return found


@pytest.mark.parametrize("parts", [False, True], ids=["joined", "parted"])
def test_killed_at_any_write_and_run_again_it_ends_like_an_undisturbed_run(
    triagebot: Command, ran, tmp_path: Path, parts: bool
) -> None:
    ran(0)
    if parts:
        ran(1, PRICE, SHIP)
        triagebot("issues", "close", "1")
    last = (lambda: ran(2, SHIP)) if parts else (lambda: ran(1, PRICE, words=WORDS))
    kept, home = tmp_path / "kept", tmp_path / ".triagebot"
    shutil.copytree(home, kept)
    over = kill_at(None)
    last()
    total, undisturbed = over(), bodies(tmp_path)
    assert total > 8 and len(undisturbed) == 1 + parts
    for number in range(0, total, 1 if "TRIAGEBOT_SLOW" in os.environ else 5):
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        over = kill_at(number)
        try:
            with pytest.raises(Killed):
                last()
        finally:
            over()
        last()
        assert bodies(tmp_path) == undisturbed, number
