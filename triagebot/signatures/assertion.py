"""Whether an assertion's text is a machine's or its author's, and which error it may be about.

In: an AssertionError. Out: a yes or no, or the text of the error that it quotes. Rewritten by pytest (`assert 1 == 2`), worded by unittest
(`1 != 2`) or empty: then the words are values, and only the statement says what was asserted.
"""

import re

from triagebot.signatures.subject import Subject

_UNITTEST = re.compile(
    r"(?:Lists|Tuples|Dicts|Sequences|First|Second|Sets) (?:differ|sequence|has|contains)|Items in the "
    r"|Regex pattern did not match|Regex didn't match|\w{1,120} not raised"
    r"|.{0,400} (?:!=|==|not found in|unexpectedly found in|is not (?:true|false|None|an instance of|not)|is not|unexpectedly identical"
    r"|not (?:greater|less) than|not (?:in|equal to)) "
)
_TRUTH = re.compile(r".{0,400} is not (?:true|false|None)$|unexpectedly None$|.{0,400} is not None$")


_ACTUAL = re.compile(r"(?:Actual message|Input): (?:'(.{0,400})'|\"(.{0,400})\")$", re.MULTILINE)
_ABOUT_AN_ERROR = re.compile(r"\bstr\(|\.value\b|\bexc\w{0,8}\b|\berr(?:or)?\b|\.args\b|\.message\b|repr\(")
_QUOTED = re.compile(r"assert (?:'((?:[^'\\\n]|\\.){1,400})'|\"((?:[^\"\\\n]|\\.){1,400})\") == ")


def actual_error(subject: Subject) -> str:
    """The text of the error that an assertion on an error's text met, or ""."""
    if found := _ACTUAL.search(subject.text):
        return found[1] or found[2] or ""
    if not _ABOUT_AN_ERROR.search(subject.statement):
        return ""
    quoted = _QUOTED.match(subject.first)
    return (quoted[1] or quoted[2]) if quoted else ""


def is_bare(message: str) -> bool:
    """Whether the first line of an assertion's message carries no words of its author."""
    first = message.partition("\n")[0]
    if not first or first.startswith(
        ("assert ", "Regex pattern did not match", "Expected call", "expected call")
    ):
        return True
    if " : " in first[-200:]:
        return False
    return _TRUTH.match(first) is not None or (
        first[:1] in "'\"[{(<-0123456789NTFbLIDSR" and _UNITTEST.match(first) is not None
    )
