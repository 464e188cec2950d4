"""What a suite records of the events that it meets, as properties of its test: they stand in JUnit XML and in the JSON report.

In: a name or a mapping, and fields. Out: (`triagebot_event`, JSON) on the test's `user_properties`. Whatever it is given, it raises nothing
and keeps little: 2,000 events a test, 20 fields an event, 200 characters a value. It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import json
import time
from typing import Any

NAME = "triagebot_event"
MOST = 2_000
_FIELDS = 20
_CHARS = 200
_TYPES = ("event", "type", "name")
_now = time.time


class Events:
    """The recorder of one test: `events.record("agent_started", run_id=run)` or `events.record(message)`."""

    def __init__(self, properties: Any) -> None:
        self._properties = properties
        self._kept = 0

    def record(self, event: Any = "", /, **fields: Any) -> None:
        """Keeps one event with its time. Of a mapping its plain fields are kept; `fields` win over them."""
        try:
            if self._kept >= MOST:
                return
            held = (
                {str(name): value for name, value in event.items()}
                if isinstance(event, dict)
                else {"event": event}
            )
            name = next(
                (held[key] for key in _TYPES if isinstance(held.get(key), str)), held.get("event", "")
            )
            told = {
                "event": _plain(name),
                "at": round(_now(), 3),
                **_plain_fields(held),
                **_plain_fields(fields),
            }
            self._properties.append((NAME, json.dumps(told)))
            self._kept += 1
        except Exception:  # noqa: BLE001 - an event is worth no test
            return


def _plain_fields(held: dict[str, Any]) -> dict[str, Any]:
    """The plain fields of an event."""
    found: dict[str, Any] = {}
    for name, value in held.items():
        if len(found) < _FIELDS and name != "event" and isinstance(value, str | int | float):
            found[_plain(name)] = value if type(value) in (int, float, bool) else _plain(value)
    return found


def _plain(value: Any) -> str:
    """A value as short text that every report can hold."""
    text = (str.__str__(value) if isinstance(value, str) else str(value))[:_CHARS]
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
