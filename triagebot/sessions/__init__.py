"""Sessions of the staging loop: what was chosen and why, every run with what it proved, what to run now, and the report at the end.

In: lines (as history and the session's issue hold them), gates, what is known of tests. Out: a `Session`, the change that its issue needs,
the next step, a report. A session is the sum of its lines, each of which has an id of its own: whoever writes at the same time loses
none, and a line that is there twice counts once. This room reads and writes nothing.
"""

from triagebot.sessions.change import session_change
from triagebot.sessions.memory import KEY, lines_of, session_of, written
from triagebot.sessions.model import CauseSeen, Chosen, Closed, GateSeen, Line, Ran, Session, Start
from triagebot.sessions.next_step import Step, next_step

__all__ = [
    "KEY",
    "CauseSeen",
    "Chosen",
    "Closed",
    "GateSeen",
    "Line",
    "Ran",
    "Session",
    "Start",
    "Step",
    "lines_of",
    "next_step",
    "session_change",
    "session_of",
    "written",
]
