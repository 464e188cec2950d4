"""Ruby: RSpec's failures with the statement, Minitest's, and exceptions with their backtraces.

In: text and message. Out: the chain, with the statement where RSpec shows it behind `Failure/Error:`.
"""

import re

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception, heading, linked, message_and_frames, parted
from triagebot.signatures.traceback import ExceptionText

_FRAME = re.compile(
    r"\s{0,20}(?:# |from )?(?P<path>(?:[A-Za-z]:)?[^\s:][^\n:]{0,400}):(?P<line>\d{1,7}):in [`']"
    r"(?P<function>[^\n]{1,300})'$"
)
"""A frame of Ruby. Hit: ``# ./spec/cart_spec.rb:12:in `add'``. Miss: `./spec/cart_spec.rb:12`."""
_CAUSE = re.compile(r"\s{0,20}(?:# )?--- Caused by: ---$")
"""The mark of an exception's cause. Hit: `# --- Caused by: ---`. Miss: `Caused by:`."""
_RULE = re.compile(r"\s{0,20}(?:# )?-{6,80}$")
"""The rule below it. Hit: `# ------------------`. Miss: `---`."""
_SHOWN = re.compile(r"\s{0,20}Failure/Error:")
"""Where RSpec shows the line of code. Hit: `     Failure/Error: expect(state).to eq(5)`. Miss: `Error: gone`."""
_MINITEST = re.compile(
    r"\s{0,4}(?:Failure|Error):\n(?P<test>[^\n]{1,400}?)(?: \[(?P<path>[^\]\n]{1,400}):(?P<line>\d{1,7})\])?:\n"
)
"""The head of a failure of Minitest: the test and its place.

Hit: `  Failure:\nCartTest#test_add [test/cart_test.rb:12]:\n`
Miss: `Failure: gone`
"""
_CARET = re.compile(r"\s{1,200}\^{1,80}$")
"""The marks that Ruby draws below a line of code. Hit: `       ^^^^`. Miss: `^`."""
_MARKS = re.compile(
    r"^\s{0,20}Failure/Error:|^\w{1,60}(?:::\w{1,60}){1,8}: "
    r"|^(?:RuntimeError|NoMethodError|NameError|LoadError|Faraday::\w{1,40}|Net::\w{1,40}"
    r"|Errno::\w{1,20})\b",
    re.MULTILINE,
)
"""Lines that only Ruby's errors have.

Hit: `Failure/Error: expect(state).to eq(5)`
Hit: `NoMethodError: undefined method`
Miss: `Error: gone`
"""


def ruby(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The chain of a failure of RSpec or Minitest, or of a backtrace."""
    if found := _MINITEST.match(text.lstrip("\n")):
        return _minitest(found)
    lines = [line for line in text.split("\n") if not _RULE.match(line)]
    if not any(map(_FRAME.match, lines)) and not _MARKS.search(text):
        return ()
    chain = [_one(part) for part in parted(lines, _CAUSE)]
    if chain[0] is None and message:
        chain[0] = exception(message.split("\n"))
    return linked(chain)


def _minitest(found: re.Match[str]) -> tuple[ExceptionText, ...]:
    """Minitest names the test and its line above what went wrong."""
    rest = found.string[found.end() :].split("\n")
    said, frames = message_and_frames(rest, _frame)
    named = found["test"].partition("(")[0]
    place = [Frame(found["path"], int(found["line"]), named)] if found["path"] and not frames else frames
    told = exception(said, place)
    return (told,) if told else ()


def _one(lines: list[str]) -> ExceptionText | None:
    said, frames = message_and_frames(lines, _frame)
    statement, said = _statement(said)
    told = [line for line in said if not _CARET.match(line)]
    while told and not told[0].strip():
        told = told[1:]
    if told and told[0].strip().endswith(":") and heading(told[0].strip())[0] and len(told) > 1:
        told = [f"{told[0].strip()} {told[1].strip()}", *told[2:]]
    return exception([line.strip() for line in told], frames, statement)


def _statement(said: list[str]) -> tuple[str, list[str]]:
    """The statement that RSpec shows, to the first empty line, and what it says below."""
    at = next((at for at, line in enumerate(said) if _SHOWN.match(line)), -1)
    if at < 0:
        return "", said
    code = [said[at].partition("Failure/Error:")[2]]
    end = at + 1
    while end < len(said) and said[end].strip() and not heading(said[end].strip())[0]:
        code.append(said[end])
        end += 1
    return " ".join(" ".join(code).split()), said[end:]


def _frame(line: str) -> Frame | None:
    found = _FRAME.match(line)
    return Frame(found["path"], int(found["line"]), found["function"]) if found else None
