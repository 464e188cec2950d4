"""What counts as the same difference between what was expected and what came."""

import pytest

from triagebot.causes.difference import difference

PYTEST = (
    "E       AssertionError: assert 'x' == 'y'\nE         \nE         - {}\nE         + {}\nE         ?  ^\n"
)
UNITTEST = "AssertionError: 'x' != 'y'\n- {}\n+ {}\n? ^^\n\n: note\n"
SUB = "~ ▶ < / sub >, ~ ▶ < sub >"

SHOWN = {
    "pytest's lines": (PYTEST.format("<p>text ~a~</p>", "<p>text <sub>a</sub></p>"), SUB),
    "unittest's lines": (UNITTEST.format("<li>H~2~O is water</li>", "<li>H<sub>2</sub>O is water</li>"), SUB),
    "the same more than once": (UNITTEST.format("<p>~a~ and then ~b~</p>", "<p><sub>a</sub> and then <sub>b</sub></p>"), SUB),
    "numbers are none of it": (UNITTEST.format("<b>5</b> of 7 were seen", "<b>6</b> of 8 were seen"), ""),
    "one word for another says too little": (PYTEST.format("{'id': 7, 'state': 'queued'}", "{'id': 7, 'state': 'done'}"), ""),
    "truth says too little": (PYTEST.format("{'a': True, 'b': None, 'c': 1}", "{'a': False, 'b': 0, 'c': 1}"), ""),
    "nothing is common": (PYTEST.format("<sub>a</sub>", "nobody was there"), ""),
    "only one side": ("E         + </ul><ul> more </ul>", ""),
    "pytest's notes on values": ("E       assert None\nE        +  where None = f('<a b c d>')\nE        - where it was", ""),
    "too much to be compared": (PYTEST.format("a <b> " * 200, "a <c> " * 200), ""),
    "a message that was expected": (
        "E       AssertionError: Regex pattern did not match.\nE         Expected regex: 'may not be null'\nE         Actual message: 'no such day'\n",
        "no message 'may not be null'",
    ),
    "no difference": ("KeyError: 'speed'", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_differences(name: str) -> None:
    text, shown = SHOWN[name]
    assert difference(text) == shown
