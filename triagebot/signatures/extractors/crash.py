"""A process that died under the tests: an xdist worker, an interpreter that hit a signal."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_SIGNALS = {
    "4": "SIGILL", "6": "SIGABRT", "7": "SIGBUS", "8": "SIGFPE", "9": "SIGKILL", "11": "SIGSEGV", "15": "SIGTERM",
}  # fmt: skip
_FATAL = {
    "segmentation fault": "SIGSEGV",
    "aborted": "SIGABRT",
    "bus error": "SIGBUS",
    "illegal instruction": "SIGILL",
}
_NAMED = re.compile(r"\bSIG(?:SEGV|ABRT|BUS|ILL|FPE|KILL|TERM)\b")
"""A signal by its name. Hit: `killed by SIGSEGV`. Miss: `SIGNAL`."""
_NUMBERED = re.compile(r"\b(?:signal|exit code|status|returncode)[ =:]{1,3}-?(\d{1,2})\b", re.IGNORECASE)
"""A signal by its number, or an exit status that holds one. Hit: `exit code -11`. Miss: `exit code 500`."""
_WORKER = re.compile(r"worker '\w{1,20}' crashed while running|node down: .{1,80}", re.IGNORECASE)
"""A worker of pytest-xdist that died.

Hit: `worker 'gw1' crashed while running test_a`
Miss: `worker 'gw1' finished`
"""


_DIED = re.compile(
    r"worker process exited unexpectedly|jest worker process \([^)\n]{1,40}\) (?:was terminated|crashed)"
    r"|Jest worker encountered|forked VM terminated without|[Tt]est host process (?:crashed|exited)"
    r"|\(signal SIG[A-Z]{2,6}\)$|^signal: SIG|^test aborted with signal|^SIG(?:SEGV|ABRT|BUS|ILL|FPE) - "
    r"|^The program ended during the test|^Killed$|its worker ended before it did"
    r"|^(?:\[vitest-pool[^\]\n]{0,40}\]: )?Worker (?:\w{1,20} )?"
    r"(?:exited unexpectedly|terminated due to reaching memory limit)"
    r"|^exited with error code 1(?:3[2-9]|43)\b|exitCode: ~\nsignal: "
)
"""Playwright, Jest, Surefire, .NET, node:test, node-tap, nextest, Catch2, GoogleTest, PHPUnit, Vitest, Bazel.

Hit: `A jest worker process (pid=5) was terminated`
Hit: `signal: SIGKILL`
Miss: `a process was terminated`
"""
_EXIT = re.compile(r"(?:\bcode=|exitCode=|Exit Code: ?|error code )(\d{1,3})\b")
"""The exit code that a runner names. Hit: `worker exited: exitCode=134`. Miss: `exit 134`."""


def crash(subject: Subject) -> Finding | None:
    """`worker.crash` with the signal where the text names it."""
    low = subject.lowered
    if subject.foreign and (found := _elsewhere(subject)):
        return found
    worker = _WORKER.search(subject.text) if "crashed while running" in low or "node down" in low else None
    if not worker and "fatal python error" not in low:
        return None
    signal, span = _signal(subject.text)
    said = f" ({signal})" if signal else ""
    who = "Test worker crashed" if worker else "Process crashed"
    return finding(
        "worker.crash", f"{who}{said}", span or (worker[0] if worker else subject.first), signal=signal
    )


def _elsewhere(subject: Subject) -> Finding | None:
    """A runner's worker, or the program of a test, that ended before its tests did."""
    found = _DIED.search(subject.text)
    if not found:
        return None
    signal, _span = _signal(subject.text)
    code = _EXIT.search(subject.text)
    status = code[1] if code and not signal else ""
    if int(status or 0) > 128 and str(int(status) - 128) in _SIGNALS:
        signal, status = _SIGNALS[str(int(status) - 128)], ""
    said = f" ({signal})" if signal else f" (exit code {status})" if status else ""
    return finding("worker.crash", f"Test worker crashed{said}", found[0], signal=signal, status=status)


def _signal(text: str) -> tuple[str, str]:
    """The signal's name and the text that names it."""
    if found := _NAMED.search(text):
        return found[0], found[0]
    low = text.lower()
    for words, name in _FATAL.items():
        if words in low:
            return name, words
    found = _NUMBERED.search(text)
    return (_SIGNALS.get(found[1], ""), found[0]) if found else ("", "")
