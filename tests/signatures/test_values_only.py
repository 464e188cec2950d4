"""Where only values are left of a failure (no source, no words), its test is part of its key: unrelated tests do not merge."""

from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.plans.worlds import local, run, triage
from tests.signatures.said import long_text
from triagebot.config import Config
from triagebot.groups import group
from triagebot.groups.model import Group
from triagebot.reports import Context, merge, parse
from triagebot.reports.model import Failure
from triagebot.signatures import Settings, sign

VALUES = [
    "assert True is False", "assert 0 > 0", "assert False", "assert 0", "assert None", "assert not True", "assert 1 == 2",
    "assert [] == [1]", "assert 'a' in []", "assert 3 < 2", "False is not true", "True is not false", "None is not None",
    "unexpectedly None", "1 != 2", "'a' != 'b'", "0 not greater than 0", "Lists differ: [1] != [2]", "ValueError not raised",
    "ValueError not raised by parse", "DID NOT RAISE <class 'ValueError'>", "AssertionError",
]  # fmt: skip
STYLES = {
    "message": lambda said, _test: (said, ""),
    "message with its type": lambda said, _test: (f"AssertionError: {said}", f"AssertionError: {said}"),
    "--tb=line": lambda said, test: (said, f"/srv/app/{test.partition('::')[0]}:12: {said}"),
}
A, B = "tests/test_a.py", "tests/test_b.py"


def told(test: str, said: str, style: str) -> Failure:
    message, text = STYLES[style](said, test)
    return Failure(
        test, test.replace("/", ".").replace(".py::", ".").replace("::", "."), "call", message, text
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("said", VALUES)
def test_file_and_function_are_part_of_the_key(said: str, style: str) -> None:
    def key(test: str) -> str:
        return sign(told(test, said, style)).key

    assert key(f"{A}::test_x[1]") == key(f"{A}::test_x[2]")
    assert (
        len({key(f"{A}::test_x"), key(f"{A}::test_y"), key(f"{B}::test_x"), key(f"{A}::TestA::test_x")}) == 4
    )


def test_where_a_report_says_nothing_at_all_that_is_one_thing() -> None:
    assert (
        sign(Failure(f"{A}::test_x", "a", "call", "", "")).key
        == sign(Failure(f"{B}::test_y", "b", "call", "", "")).key
    )


@pytest.mark.parametrize("said", VALUES)
def test_the_key_of_before_is_known_but_not_its_own(said: str) -> None:
    failure = told(f"{A}::test_x", said, "message with its type")
    now, before = sign(failure), sign(failure, Settings(algorithm=1))
    assert now.former == (before.key,)
    assert before.key not in (now.key, *now.aliases)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("quota exceeded", "AssertionError: quota exceeded\nassert 3 < 2"),
        ("wrong total", "AssertionError: wrong total: 3"),
        ("assert 1 == 2", long_text("AssertionError", "assert 1 == 2", statement="assert total(cart) == 2")),
        ("x", "AssertionError: assert 3 == 4\n +  where 3 = total(cart)"),
        ("ConnectionRefusedError", "ConnectionRefusedError: [Errno 111] Connection refused"),
        ("the flag was not raised in time", "AssertionError: the flag was not raised in time"),
    ],
)
def test_what_says_more_keeps_its_key(said: str, text: str) -> None:
    keys = {sign(Failure(f"{file}::test_x", "j", "call", said, text)).key for file in (A, B)}
    assert keys == {sign(Failure(f"{A}::test_x", "j", "call", said, text), Settings(algorithm=1)).key}


CASE = '<testcase classname="tests.test_{}" name="test_x"{}><failure message={}>{}</failure></testcase>'


def reported(name: str, said: str, body: str = "{}", file: str = "") -> str:
    return CASE.format(name, file.format(name), quoteattr(said), escape(body.format(said)))


def groups(*cases: str) -> tuple[Group, ...]:
    text = (
        f'<testsuite name="pytest" tests="{len(cases)}" failures="{len(cases)}">{"".join(cases)}</testsuite>'
    )
    return group(merge([parse("r.xml", text.encode())], Context()), Config())


@pytest.mark.parametrize("file", ["", ' file="tests/test_{}.py"'])
@pytest.mark.parametrize("body", ["", "AssertionError: {}"])
@pytest.mark.parametrize("said", VALUES)
def test_in_a_report_without_source_unrelated_tests_are_groups_of_their_own(
    said: str, body: str, file: str
) -> None:
    found = groups(*(reported(name, said, body, file) for name in "abc"))
    assert sorted(len(one.tests) for one in found) == [1, 1, 1]


def test_an_issue_of_before_is_found_and_a_new_one_takes_in_no_other_test(tmp_path) -> None:
    tracker = local(tmp_path)
    (one,), (other,) = groups(reported("a", "assert False")), groups(reported("b", "assert False"))
    triage(tracker, run("r1", [one]), [one])
    triage(tracker, run("r2", [other], day=1), [other])
    assert [issue.marker.key for issue in tracker.issues()] == [one.key, other.key]
    before = local(tmp_path / "before")
    old = type(one)(
        signature=sign(one.exemplar, Settings(algorithm=1)),
        failures=one.failures,
        tests=one.tests,
        impact=one.impact,
    )
    triage(before, run("r1", [old]), [old])
    triage(before, run("r2", [one], day=1), [one])
    (issue,) = before.issues()
    assert (issue.marker.key, issue.marker.seen) == (old.key, 2)
