"""Robot Framework: the message of a keyword, and the keyword as the place.

In: text and message. Out: one exception. Robot writes `Type: message` of Python's exceptions, without a traceback, and
leaves the type of its own and of common ones away; below it the reader puts the keyword that failed with its arguments.
"""

import re

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception
from triagebot.signatures.traceback import ExceptionText

_KEYWORD = re.compile(r"(?P<keyword>[A-Z][\w ]{0,120}\.[A-Z][\w ]{1,200}?)(?: {4}.{0,2000})?$")
"""The keyword that failed, with its library. Hit: `Cart Library.Add Item    1`. Miss: `add item`."""
_SETUP = re.compile(
    r"(?:Parent suite setup|Suite setup|Setup|Teardown|Parent suite teardown|Suite teardown) failed:\n"
)
"""The head above the message of a setup or teardown. Hit: `Setup failed:\ngone`. Miss: `Setup failed`."""
_RETRIED = re.compile(r"Keyword '[^'\n]{1,200}' failed after retrying [^\n]{1,80}?\. The last error was: ")
"""The head above the last message of a keyword that was retried.

Hit: `Keyword 'Pay' failed after retrying for 5 seconds. The last error was: gone`
Miss: `Keyword 'Pay' failed`
"""
_ALSO = re.compile(r"\n\n(?:Also|However|Earlier message).{1,200}", re.DOTALL)
"""What Robot Framework adds behind a message. Hit: `gone\n\nAlso teardown failed:\ngone`. Miss: `gone, also`."""


def robot(text: str, message: str) -> tuple[ExceptionText, ...]:
    """What a keyword said, without what its tear-down said on top."""
    lines = text.rstrip().split("\n")
    found = _KEYWORD.fullmatch(lines[-1])
    wrapped = _SETUP.match(text)
    retried = _RETRIED.match(text)
    if retried:
        wrapped = retried
    if (
        not (found and len(lines) > 1 and message and text.startswith(message.partition("\n")[0]))
        and not wrapped
    ):
        return ()
    said = "\n".join(lines[:-1] if found else lines)
    said = _ALSO.split(said[wrapped.end() :] if wrapped else said)[0]
    told = exception(said.split("\n"), [Frame("", None, found["keyword"])] if found else [])
    return (told,) if told else ()
