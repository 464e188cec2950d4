"""Whether an assertion's text is a machine's or its author's.

In: the message of an AssertionError. Out: a yes or no. Rewritten by pytest (`assert 1 == 2`), worded by unittest
(`1 != 2`) or empty: then the words are values, and only the statement says what was asserted.
"""

import re

_UNITTEST = re.compile(
    r"(?:Lists|Tuples|Dicts|Sequences|First|Second|Sets) (?:differ|sequence|has|contains)|Items in the "
    r"|Regex pattern did not match|Regex didn't match|\w{1,120} not raised"
    r"|.{0,400} (?:!=|==|not found in|unexpectedly found in|is not (?:true|false|None|an instance of|not)|is not|unexpectedly identical"
    r"|not (?:greater|less) than|not (?:in|equal to)) "
)
_TRUTH = re.compile(r".{0,400} is not (?:true|false|None)$|unexpectedly None$|.{0,400} is not None$")


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
