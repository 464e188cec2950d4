"""One test, one join id, however a format spells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.reports.test_names import join_id, pytest_node_id

SPELLINGS = [  # node id, join id
    ("tests/test_a.py::test_x", "tests.test_a.test_x"),
    ("tests/test_a.py::TestX::test_y", "tests.test_a.TestX.test_y"),
    ("tests\\test_a.py::TestX::test_y", "tests.test_a.TestX.test_y"),
    ("tests/test_a.py::TestX::TestIn::test_y", "tests.test_a.TestX.TestIn.test_y"),
    ("tests/test_a.py::test_x[a/b.py::c]", "tests.test_a.test_x[a/b.py::c]"),
    ("tests/test_a.py::test_x[C:\\t]", "tests.test_a.test_x[C:\\t]"),
    ("tests/test_a.py::test_x[[x]]", "tests.test_a.test_x[[x]]"),
    ("tests.test_a.test_x[a/b]", "tests.test_a.test_x[a/b]"),
    ("app/[id]/test_a.py::test_x", "app.[id].test_a.test_x"),
    ("tests/test_a.py", "tests.test_a"),
    ("tests/unit", "tests.unit"),
    ("README.md::README.md", "README.md.README.md"),
    ("tests/a.python/test_x.py::t", "tests.a.python.test_x.t"),
    ("", ""),
    (".", "."),
]


@pytest.mark.parametrize("node, join", SPELLINGS)
def test_join_id_folds_paths_and_keeps_parameters(node, join):
    assert join_id(node) == join


@given(st.text(max_size=80))
def test_join_id_of_a_join_id_is_itself_where_it_has_no_parameters(test):
    once = join_id(test)
    if "[" not in test and not once.endswith(".py"):
        assert join_id(once) == once


JUNIT = [  # classname, name, file, node id
    ("tests.test_a", "test_x", "", "tests/test_a.py::test_x"),
    ("tests.test_a.TestX", "test_y[a.B]", "", "tests/test_a.py::TestX::test_y[a.B]"),
    ("tests.test_a.TestX.TestIn", "test_y", "", "tests/test_a.py::TestX::TestIn::test_y"),
    ("test_a", "test_x", "", "test_a.py::test_x"),
    ("TestAlone", "test_x", "", "TestAlone.py::test_x"),
    ("tests.test_a.lower", "test_y", "tests/test_a.py", "tests/test_a.py::lower::test_y"),
    ("tests.TestFile", "test_y", "tests\\TestFile.py", "tests/TestFile.py::test_y"),
    ("tests.test_a.TestX", "test_y", "tests/other.py", "tests/test_a.py::TestX::test_y"),
    ("", "tests.test_a", "", "tests/test_a.py"),
    ("", "tests/test_a.py", "", "tests/test_a.py"),
    ("", "", "", ""),
]


@pytest.mark.parametrize("classname, name, file, node", JUNIT)
def test_node_id_is_rebuilt_from_junit(classname, name, file, node):
    assert pytest_node_id(classname, name, file) == node


def test_rebuilt_node_id_joins_as_the_dotted_one_does():
    for classname, name, file, _ in JUNIT[:8]:
        assert join_id(pytest_node_id(classname, name, file)) == f"{classname}.{name}"
