"""An event loop that was closed, missing, of somebody else or already running."""

from triagebot.signatures.subject import Finding, Subject, finding

_SAID = (
    ("event loop is closed", "closed", "Event loop is closed"),
    ("attached to a different loop", "different_loop", "Future belongs to a different event loop"),
    ("bound to a different event loop", "different_loop", "Object is bound to a different event loop"),
    ("no running event loop", "not_running", "No running event loop"),
    ("there is no current event loop", "no_loop", "No current event loop in this thread"),
    ("event loop is already running", "already_running", "Event loop is already running"),
    (
        "cannot be called from a running event loop",
        "already_running",
        "asyncio.run() called from a running event loop",
    ),
    ("should be used inside a task", "outside_task", "Timeout used outside a task"),
    ("was never awaited", "never_awaited", "A coroutine was never awaited"),
    (
        "another operation is in progress",
        "concurrent_use",
        "One database connection used by two tasks at once",
    ),
    (
        "cancel scope in a different task",
        "cancel_scope",
        "Cancel scope left in another task than it was entered in",
    ),
)
_GATES = (
    "event loop",
    "different loop",
    "inside a task",
    "never awaited",
    "operation is in progress",
    "cancel scope",
)


def event_loop(subject: Subject) -> Finding | None:
    """`event_loop` with what is wrong with it."""
    low = subject.lowered
    if not any(map(low.__contains__, _GATES)):
        return None
    for words, error, title in _SAID:
        if words in low:
            return finding("event_loop", title, words, error=error)
    return None
