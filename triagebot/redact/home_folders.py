"""Where somebody's home folder is, left out: people's names stand in it, and on a runner only length.

In: text. Out: the same text, in which a runner's workspace is not told (paths start at the repository's root) and a home
folder is `~`. Nothing is decided by what comes out: it is for readers only, never for signatures or evidence.
"""

import re

_START = r"(?<![\w.~:/\\-])"
_NAME = r"[\w.+@-]{1,100}"
_WORKSPACE = re.compile(
    rf"{_START}(?:/home/runner/work|/Users/runner/work)/({_NAME})/\1/|{_START}[A-Za-z]:\\a\\({_NAME})\\\2\\"
    rf"|{_START}/github/workspace/"
)
r"""The folder that a runner checks a repository out to.

Hit: `/home/runner/work/shop/shop/tests/test_a.py`
Hit: `D:\a\shop\shop\tests`
Miss: `/home/ada/shop/shop/tests`
"""
_HOME = re.compile(rf"{_START}(?:/home|/Users)/{_NAME}|{_START}[A-Za-z]:\\Users\\{_NAME}")
r"""The home folder of somebody. Hit: `/home/ada/shop`. Hit: `C:\Users\ada\shop`. Miss: `/srv/home/ada`."""


def without_home_folders(text: str) -> str:
    """The text with workspaces cut off and home folders as `~`. Doing it twice changes nothing."""
    return _HOME.sub("~", _WORKSPACE.sub("", text))
