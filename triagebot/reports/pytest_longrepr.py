"""The message of a failure as pytest's long representation shows it.

In: the text of a failure. Out: the message of the exception that left the test, or "". Chains are not read here.
"""

_LINE = 2048
_LINES = 40


def message_in(text: str) -> str:
    """The last run of `E` lines without their margin (forty lines at most): what pytest calls the crash message."""
    run: list[str] = []
    for line in reversed(text.split("\n")):
        if line.startswith(("E ", "E\t")) or line == "E":
            run.append(line[1:_LINE])
        elif run:
            break
    run.reverse()
    margin = len(run[0]) - len(run[0].lstrip(" ")) if run else 0
    return "\n".join(_without(line, margin) for line in run[:_LINES]).rstrip()


def only_repeats(message: str, text: str) -> bool:
    """Whether a message is just the start of the text, as pytest writes it for failures without an exception."""
    start = message.removesuffix("...").strip()
    first = text.lstrip().split("\n", 2)[:2]
    return bool(start) and (text.lstrip().startswith(start) or any(line.startswith(start) for line in first))


def _without(line: str, margin: int) -> str:
    return line[margin:] if not line[:margin].strip() else line.lstrip()
