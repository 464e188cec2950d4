"""Home folders and workspaces in text for readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.redact import without_home_folders


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/runner/work/shop/shop/tests/a.py:3", "tests/a.py:3"),
        ("open('/home/runner/work/shop/shop/a.json')", "open('a.json')"),
        ("/Users/runner/work/shop/shop/a.py", "a.py"),
        (r"D:\a\shop\shop\tests\a.py", r"tests\a.py"),
        ("/github/workspace/a.py", "a.py"),
        ("/home/runner/work/_temp/x", "~/work/_temp/x"),
        ("/home/alice/.cache/x and /home/bob/y", "~/.cache/x and ~/y"),
        (r"C:\Users\Ada\x", r"~\x"),
        ("/Users/ada/x", "~/x"),
        ("(in /home/alice)", "(in ~)"),
        # Near misses: a path below another one, an address, a folder that is nobody's home.
        ("/srv/home/alice/x", "/srv/home/alice/x"),
        ("https://x.example/home/alice/x", "https://x.example/home/alice/x"),
        ("/home/", "/home/"),
        ("/homes/alice/x", "/homes/alice/x"),
        ("/builds/group/project/a.py", "/builds/group/project/a.py"),
    ],
)
def test_paths_start_at_the_repository_and_nobody_is_named(text, shown):
    assert without_home_folders(text) == shown


@given(st.text(alphabet="/homeUsersruna lwk.~:\\C\n", max_size=80))
def test_doing_it_twice_changes_nothing(text):
    once = without_home_folders(text)
    assert without_home_folders(once) == once
