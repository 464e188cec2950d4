""".NET: exceptions with their inner ones, as NUnit, xUnit.net, MSTest and `Exception.ToString` print them.

In: text and message. Out: the chain. Each tool marks inner exceptions in a way of its own: NUnit with `  ---->`, xUnit.net
with `----`, .NET itself with ` --->` (https://learn.microsoft.com/dotnet/api/system.exception.tostring).
"""

import re
from dataclasses import replace

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception, linked, message_and_frames, parted
from triagebot.signatures.traceback import ExceptionText

_FRAME = re.compile(
    r"\s{0,40}at (?P<function>[\w.`<>\[\],+|$-]{1,400})\((?P<arguments>[^()\n]{0,400})\)"
    r"(?: in (?P<path>.{1,400}?):(?:line )?(?P<line>\d{1,7}))?$"
)
"""A frame of .NET. Hit: `   at Shop.Cart.Add(Item item) in /srv/shop/Cart.cs:line 12`. Miss: `at cart.js:12:5`."""
_CAUSE = re.compile(r"\s{0,20}(?:-{3,4}> |(?:-{4}){1,8} )(?:\(Inner Exception #\d{1,3}\) )?(?=[A-Z])")
"""The mark of an inner exception. Hit: ` ---> System.IO.IOException: gone`. Miss: `-> System.IO.IOException`."""
_HEAD = re.compile(
    r"[A-Z]\w{0,80}(?:\.\w{1,80}){1,8} : |Assert\.\w{1,40}(?:\(\) Failure| failed\b)"
    r"|(?:System|Microsoft)\.[\w.]{1,120}: "
)
"""How an exception or an assertion of .NET begins.

Hit: `Assert.Equal() Failure`
Hit: `System.IO.IOException: gone`
Miss: `IOException: gone`
"""
_END = re.compile(r"\s{0,20}--- End of ")
"""The end of an inner exception's frames.

Hit: `   --- End of inner exception stack trace ---`
Miss: `End of test`
"""
_EXPECTED = re.compile(r"\s{0,20}(?:Expected|Assert\.That\()")
"""The line of NUnit that says what was wanted. Hit: `  Expected: 200`. Miss: `But was: 503`."""
_WAS = re.compile(r"^\s{0,20}But was: ", re.MULTILINE)
"""The line that says what came. Hit: `  But was:  503`. Miss: `was: 503`."""


def dotnet(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The chain of a stack trace of .NET; of words alone where they are those of its exceptions and assertions."""
    lines = [line for line in text.split("\n") if not _END.match(line)]
    first = next((line for line in lines if line.strip()), "")
    mine = (
        any(map(_FRAME.match, lines)) or _HEAD.match(first) or (_EXPECTED.match(first) and _WAS.search(text))
    )
    if not mine:
        return ()
    chain = [_one(_without_inner_trace(part)) for part in parted(lines, _CAUSE)]
    if chain[0] is None and message:
        chain[0] = exception(message.split("\n"))
    frames = next((told.raised.frames for told in reversed(chain) if told and told.raised.frames), ())
    return linked([_placed(told, frames) for told in chain])


def _without_inner_trace(lines: list[str]) -> list[str]:
    return [
        line for line in lines if line.strip() not in {"----- Inner Stack Trace -----", "--InnerException"}
    ]


def _placed(told: ExceptionText | None, frames: tuple[Frame, ...]) -> ExceptionText | None:
    """An exception with the frames that the tool prints for all of the chain together."""
    if told is None or told.raised.frames or not frames:
        return told
    return replace(told, raised=replace(told.raised, frames=frames))


def _one(lines: list[str]) -> ExceptionText | None:
    said, frames = message_and_frames(lines, _frame)
    return exception(said, frames)


def _frame(line: str) -> Frame | None:
    found = _FRAME.match(line)
    if not found:
        return None
    owner, _dot, method = found["function"].rpartition(".")
    number = int(found["line"]) if found["line"] else None
    path = (found["path"] or owner.replace(".", "/") + ".cs").replace("\\", "/")
    return Frame(path, number, f"{owner.rpartition('.')[2]}.{method}")
