"""Where in the code a failure happened, without checkout and lines."""

import pytest

from triagebot.reports.model import Frame
from triagebot.signatures.code_location import innermost, is_test, module, module_of

TEST = Frame("/w/tests/e2e/test_a.py", 3, "test_b")
APP = Frame("/w/src/app/client.py", 44, "send")
DEEPER = Frame("C:\\w\\src\\app\\wire.py", 9, "push")
LIBRARY = Frame("/venv/lib/python3.12/site-packages/httpx/_client.py", 901, "send")


@pytest.mark.parametrize(
    ("frames", "in_app", "place"),
    [
        ((TEST, APP, LIBRARY), (), "client:send"),
        ((TEST, APP, DEEPER), (), "wire:push"),
        ((TEST, APP, DEEPER), ("*/app/client.py",), "client:send"),
        ((TEST, APP, DEEPER), ("*/app/wire.py",), "wire:push"),
        ((TEST, APP, LIBRARY), ("*/httpx/*",), "_client:send"),
        ((TEST, APP), ("*/other/*",), ""),
        ((TEST, LIBRARY), (), ""),
        ((), (), ""),
        ((Frame("/w/src/app/client.py", 1, ""),), (), "client"),
    ],
    ids=[
        "behind a library",
        "the innermost",
        "named by the config",
        "a path of Windows",
        "a library that is named",
        "nothing that is named",
        "no code under test",
        "no frames",
        "no function",
    ],
)
def test_the_place_is_the_innermost_frame_of_the_code_under_test(frames, in_app, place):
    assert innermost(frames, in_app) == place
    assert module_of(frames, in_app) == place.partition(":")[0]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/app/client.py", "client"),
        ("C:\\src\\app\\client.py", "client"),
        ("src/app/__init__.py", "app.__init__"),
        ("src/app/__main__.py", "app.__main__"),
        ("src/app/main.py", "app.main"),
        ("main.py", "main"),
    ],
)
def test_a_file_that_is_named_like_every_other_goes_with_its_package(path, name):
    assert module(path) == name


@pytest.mark.parametrize(
    ("path", "tested"),
    [
        ("test_a.py", True),
        ("src/cart_test.py", True),
        ("src/cart_tests.py", True),
        ("src/conftest.py", True),
        ("tests/app/client.py", True),
        ("src\\test\\client.py", True),
        ("src/contest.py", False),
        ("src/app/attest_it.py", False),
        ("src/testing/client.py", False),
    ],
)
def test_files_of_tests_are_known_by_their_names_and_folders(path, tested):
    assert is_test(path) is tested
