"""Which files belong to the project under test: below the root of the session, or of packages that the ini names.

Environments, installed packages, and the files of the tests themselves do not. It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

_INSTALLED = tuple(
    f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages", ".tox", ".nox", "node_modules")
)


class Project:
    """Answers whether a file belongs to the project; `tests` are files of tests, to which more may be added."""

    def __init__(self, root: str, named: Sequence[str]) -> None:
        self.tests: set[str] = set()
        self._named = tuple(folder for name in named for folder in _folders(name, root))
        self._root = root
        own = (sys.prefix, sys.exec_prefix, os.path.dirname(__file__))
        self._others = tuple(f"{path}{os.sep}" for path in own if _below(path, root))

    def holds(self, file: str) -> bool:
        """Whether the project's own code stands in a file."""
        if file in self.tests or os.path.basename(file) == "conftest.py":
            return False
        if self._named:
            return file.startswith(self._named)
        return file.startswith(self._root) and not (
            file.startswith(self._others) or any(part in file[len(self._root) - 1 :] for part in _INSTALLED)
        )


def _below(path: str, root: str) -> bool:
    """Whether a folder lies below the root, and is not the root itself."""
    return path.startswith(root)


def _folders(name: str, root: str) -> list[str]:
    """The folders of a package, or the folder or file itself, absolute."""
    path = os.path.join(root, name)
    if os.path.isdir(path):
        return [os.path.abspath(path) + os.sep]
    if os.path.isfile(path):
        return [os.path.abspath(path)]
    with suppress(Exception):  # a package that cannot be found has no functions
        found = importlib.util.find_spec(name)
        if found and found.submodule_search_locations:
            return [os.path.abspath(place) + os.sep for place in found.submodule_search_locations]
        if found and found.origin:
            return [found.origin]
    return []
