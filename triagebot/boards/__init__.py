"""The state of everything for whoever leads: what is broken, since when, what it costs and what is stuck. Pure.

In: our issues, timelines of history, the config, a moment. Out: a `Board`, whose every number names the runs and issues it
was counted from, and the text of the dashboard issue. Nothing here reads a tracker or a store, and pages are made elsewhere.
"""

from triagebot.boards.build import board
from triagebot.boards.model import Board, BoardCause

__all__ = ["Board", "BoardCause", "board"]
