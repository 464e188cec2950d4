"""Errors of other languages than Python's, as the same chain: type, message, frames, cause.

In: the cleaned message and text of a failure that is not pytest's. Out: `ExceptionText` values, first raised first. A language is
a module with one function and a line here; it answers only where its own marks stand in the text (its frames, its words
for a cause), so that the order decides nothing but who is asked first. None of them judges, masks or raises.
"""

import re
from collections.abc import Callable
from typing import Final

from triagebot.signatures.languages.cpp import cpp
from triagebot.signatures.languages.cucumber import cucumber
from triagebot.signatures.languages.dotnet import dotnet
from triagebot.signatures.languages.go import go
from triagebot.signatures.languages.javascript import javascript
from triagebot.signatures.languages.jvm import jvm
from triagebot.signatures.languages.php import php
from triagebot.signatures.languages.robot import robot
from triagebot.signatures.languages.ruby import ruby
from triagebot.signatures.languages.rust import rust
from triagebot.signatures.traceback import ExceptionText

Language = Callable[[str, str], tuple[ExceptionText, ...]]

LANGUAGES: Final[dict[str, Language]] = {
    "rust": rust,
    "go": go,
    "jvm": jvm,
    "dotnet": dotnet,
    "php": php,
    "ruby": ruby,
    "cpp": cpp,
    "javascript": javascript,
    "robot": robot,
    "cucumber": cucumber,
}
_PYTHON = re.compile(  # pytest's gutter, a native traceback, a place in a file of Python
    r"^E(?:   |$)|^Traceback \(most recent call last\)|^[^\s:]{1,400}\.pyx?:\d{1,7}: |^(?:_ ){8}",
    re.MULTILINE,
)
"""Hit: `E   ValueError: gone`. Hit: `Traceback (most recent call last):`. Miss: `Error: gone`."""


def is_python(text: str) -> bool:
    """Whether a text has the marks of pytest's styles or of a native traceback."""
    return "\nE   " in text or _PYTHON.search(text) is not None  # nearly all of pytest's have the first


def elsewhere(message: str, text: str) -> tuple[ExceptionText, ...]:
    """The chain that a text of another language tells; empty where none knows it for its own."""
    for language in LANGUAGES.values():
        if chain := language(text, message):
            return chain
    return ()
