"""A program that ended with a status, or that the kernel ended for its memory."""

import re

from triagebot.signatures.mask import mask, masked_path
from triagebot.signatures.subject import Finding, Subject, finding

_STATUS = re.compile(
    r"(?:non-zero exit (?:status|code)|exit(?:ed)?(?: with)?(?: (?:exit ))?(?: ?(?:status|code))"
    r"|return ?code|exit status|exited \()[ =:(]{0,3}(-?\d{1,5})\b",
    re.IGNORECASE,
)
"""The status with which a command ended.

Hit: `returned non-zero exit status 2`
Hit: `exited with code 137`
Miss: `it exited`
"""
_COMMAND = re.compile(r"Command (?:'?\[(?P<list>[^\]\n]{1,400})\]'?|'(?P<text>[^'\n]{1,400})'?)")
"""The command, as a list or as text.

Hit: `Command '['make', 'up']' returned`
Hit: `Command 'make up' returned`
Miss: `Command make`
"""
_OOM = re.compile(
    r"\bOOM ?-?[Kk]illed\b|\bOOMKilled\b|[Oo]ut of memory|Cannot allocate memory|Java heap space|heap out of memory"
)
"""Memory that ran out. Hit: `pod api OOMKilled`. Miss: `killed`."""
_VICTIM = re.compile(r"([\w./-]{2,80}) (?:was |got |is )?OOM ?-?[Kk]illed\b")
"""Whose memory ran out. Hit: `shop-api was OOMKilled`. Miss: `OOMKilled`."""
_SIGNALS = {
    "-4": "SIGILL", "-6": "SIGABRT", "-7": "SIGBUS", "-8": "SIGFPE", "-9": "SIGKILL", "-11": "SIGSEGV", "-15": "SIGTERM",
}  # fmt: skip
"""How `subprocess` counts signals."""
_KILLED = re.compile(r"died with <Signals\.(SIG[A-Z]{2,6})")
"""The signal that ended a command. Hit: `died with <Signals.SIGKILL: 9>`. Miss: `died with 9`."""


def exits(subject: Subject) -> Finding | None:
    """`process.oom` with whom it hit, or `process.exit` with the status and the command, else the sentence that told it."""
    low = subject.lowered
    if subject.foreign and subject.type in {"OutOfMemoryError", "OutOfMemoryException"}:
        return _out_of_memory(subject, subject.type)
    if subject.type == "MemoryError" or "memory" in low or "oom" in low:
        found = _OOM.search(subject.text)
        if found or subject.type == "MemoryError":
            return _out_of_memory(subject, found[0] if found else subject.type)
    if "exit" not in low and "return" not in low and "died with" not in low and subject.type != "SystemExit":
        return None
    return _exited(subject)


def _out_of_memory(subject: Subject, span: str) -> Finding:
    """The kernel's or a runtime's own word; with the service where the sentence begins with it."""
    named = _VICTIM.search(subject.text)
    what = mask(named[1]) if named else ""
    return finding("process.oom", f"Out of memory: {what}" if what else "Out of memory", span, what=what)


def _exited(subject: Subject) -> Finding | None:
    """The status of a program that ended with one other than 0."""
    alone = subject.first.strip()
    if subject.type == "SystemExit" and alone.isdigit():
        return finding("process.exit", f"Exited with status {alone}", alone, status=alone)
    found = _KILLED.search(subject.text) or _STATUS.search(subject.text)
    if not found or found[1] == "0":
        return None
    status = _SIGNALS.get(found[1], found[1])
    command = _command(subject.text)
    what = "" if command else _sentence(subject.text, found.start())
    said = what if status in what else f"{what} ({status})"
    title = f"`{command}` exited with status {status}" if command else said
    return finding("process.exit", title, found[0], status=status, command=command, what=what)


def _sentence(text: str, at: int) -> str:
    """The masked line around a place: who it was that ended."""
    start = text.rfind("\n", 0, at) + 1
    return mask(text[start:].partition("\n")[0].strip()).rstrip(" .:;!")


def _command(text: str) -> str:
    """The program's name without its path."""
    found = _COMMAND.search(text)
    if not found:
        return ""
    words = (found["text"] or found["list"].replace("'", "").replace(",", "")).split()
    name = masked_path(words[0])
    if name.startswith("python") and len(words) > 2 and words[1] == "-m":
        return f"python -m {words[2]}"
    return "python" if name.startswith("python") else name
