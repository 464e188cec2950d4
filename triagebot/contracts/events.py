"""Lines as events: which of a contract's events a line names, and whose.

In: text of a log or of recorded properties, and a contract. Out: `Event`s in their order. A line is JSON (anywhere in it), pairs of
`key=value`, or words; its first 4,000 characters are read. Other spellings of a name (`agentStarted`, `agent-started`) count. A line of
words that names several events, or says that one is missing, speaks about events and is none.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from triagebot.config import Contract
from triagebot.contracts.model import Event
from triagebot.steps.log_timestamps import stamp

MAX_LINE = 4_000
MOST = 20_000
"""Events of one text that are read."""
_WORDS = re.compile(
    r"[A-Z]{1,80}(?![a-z])|[A-Z]?[a-z]{1,80}|\d{1,80}"
)  # the words in agent_started, agentStarted
"""Hit: `agentStarted`. Miss: `_`."""
_ABOUT = re.compile(  # a line that speaks of events which are not there
    r"\b(?:missing|lacks?|waiting for|expect(?:s|ed|ing)?|never|did not|not (?:received|sent|seen)|no)\b",
    re.IGNORECASE,
)
"""Hit: `order.paid was never seen`. Miss: `order.paid seen`."""
_NAMED = ("type", "event", "event_type", "name", "action", "kind", "message_type", "msg", "message")
_TIMES = ("at", "ts", "time", "timestamp", "@timestamp", "created")
_DEPTH = 3
_VALUE = 200


def events(text: str, contract: Contract, where: str = "") -> Iterator[Event]:
    """The events that a text tells, in its order."""
    read, found = Reader.of(contract), 0
    for line in _candidates(text, read):
        for event in read.line(line, where):
            yield event
            found += 1
        if found >= MOST:
            return


def _candidates(text: str, read: "Reader") -> Iterator[str]:
    """The lines that may hold an event, each once."""
    at = 0
    for place in _positions(text, read):
        if place < at:
            continue
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        end = len(text) if end < 0 else end
        yield text[start : min(end, start + MAX_LINE)].rstrip("\r")
        at = end + 1


def _positions(text: str, read: "Reader") -> Iterator[int]:
    """Where a line may hold an event, in order. Looking for words is ten times as fast as looking for a pattern."""
    low = text.lower()
    if len(low) != len(text):  # a letter that has two in lower case: places would shift
        low = text
    next_ = {word: low.find(word) for word in read.words}
    while found := [(at, word) for word, at in next_.items() if at >= 0]:
        at, word = min(found)
        yield at
        next_[word] = low.find(word, at + 1)


def spelled(name: str) -> str:
    """A name without what spellings differ in."""
    return "".join(_WORDS.findall(name)).lower()


class Reader:
    """What one contract looks for in a line."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        members = [name for pair in contract.before for name in pair]
        self.names = {spelled(name): name for name in (*members, *contract.events)}
        self.parts = {spelled(name): name for name in members}
        self.pattern = re.compile(contract.pattern) if contract.pattern else None
        self.wanted = _any_of(
            [name for name in self.names.values() if name in contract.events or not contract.events]
        )
        self.members = _any_of(members)
        self.words = {
            max(_WORDS.findall(name) or [name], key=len).lower() for name in (*contract.events, *members)
        }

    @classmethod
    def of(cls, contract: Contract) -> "Reader":
        """The reader of a contract, made once."""
        return _reader(contract)

    def line(self, line: str, where: str) -> Iterator[Event]:
        """The events of one line."""
        if self.pattern:
            yield from self._matched(line, where)
        elif (held := _json_in(line)) is not None:
            yield from self._structured(held, line, where)
        else:
            yield from self._worded(line, where)

    def _matched(self, line: str, where: str) -> Iterator[Event]:
        """What the user's own pattern finds."""
        assert self.pattern is not None
        for found in self.pattern.finditer(line):
            groups = found.groupdict(default="")
            told, same = groups.get("part", ""), self.contract.each == self.contract.part
            name, part = self.names.get(spelled(groups["event"]), ""), self._part(told)
            if name or part:
                at, each = stamp(groups.get("at") or line), groups.get("each", "") or (told if same else "")
                yield Event(name, groups.get("unit", ""), each, part, at, line.strip(), where)

    def _structured(self, held: dict[str, Any], line: str, where: str) -> Iterator[Event]:
        """The event of a JSON object; words in its message count where no field names one."""
        flat = dict(_flat(held, 0))
        part = self._part(flat.get(self.contract.part, ""))
        name = next((self.names[n] for key in _NAMED if (n := spelled(flat.get(key, ""))) in self.names), "")
        if not name and not (part and not self.contract.events):
            said = next((flat[key] for key in _NAMED if self.wanted.search(flat.get(key, ""))), "")
            for event in self._worded(said, where):
                yield self._event(event.name, part or event.part, flat, line, where)
            return
        yield self._event(name, part, flat, line, where)

    def _event(self, name: str, part: str, flat: dict[str, str], line: str, where: str) -> Event:
        """An event with the fields that the contract asks for."""
        contract = self.contract
        each = part if contract.each == contract.part and part else flat.get(contract.each, "")
        return Event(
            name, flat.get(contract.per, ""), each, part, _moment(flat) or stamp(line), line.strip(), where
        )

    def _worded(self, line: str, where: str) -> Iterator[Event]:
        """The one event that a line of words names."""
        named = dict.fromkeys(spelled(hit) for hit in self.wanted.findall(line))
        if len(named) > 1 or _ABOUT.search(line):
            return
        contract = self.contract
        part = self._part(_field(line, contract.part))
        if not part and named and contract.events and self.parts:
            told = dict.fromkeys(spelled(hit) for hit in self.members.findall(line))
            part = self.parts[next(iter(told))] if len(told) == 1 else ""
        name = self.names[next(iter(named))] if named else ""
        if name or part:
            each = part if contract.each == contract.part and part else _field(line, contract.each)
            yield Event(name, _field(line, contract.per), each, part, stamp(line), line.strip(), where)

    def _part(self, value: str) -> str:
        """The member of `before` that a field names."""
        return self.parts.get(spelled(value), "") if value else ""


@lru_cache(maxsize=64)
def _reader(contract: Contract) -> Reader:
    return Reader(contract)


def _flexible(name: str) -> str:
    """A name in all its spellings."""
    return r"[\W_]?".join(map(re.escape, _WORDS.findall(name))) or re.escape(name)


def _any_of(names: list[str]) -> re.Pattern[str]:
    """Finds any of these names as a word; nothing where there are none."""
    return re.compile(
        f"(?<![A-Za-z0-9_])(?:{'|'.join(map(_flexible, names)) or '(?!)'})(?![A-Za-z0-9_])", re.IGNORECASE
    )


def _json_in(line: str) -> dict[str, Any] | None:
    """The JSON object that a line holds, alone or behind what a logger puts in front."""
    start, end = line.find("{"), line.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        held = json.loads(line[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def _flat(held: dict[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    """Fields by name, outer ones last so that they win."""
    for value in held.values():
        if isinstance(value, dict) and depth < _DEPTH:
            yield from _flat(value, depth + 1)
    for name, value in held.items():
        if isinstance(value, str | int | float):
            yield name, str(value)[:MAX_LINE]


def _field(line: str, name: str) -> str:
    """The value of `name=value`, `name: value` or `"name": "value"` in a line of words or of damaged JSON."""
    return found[1] if name and (found := _pair(name).search(line)) else ""


@lru_cache(maxsize=256)
def _pair(name: str) -> re.Pattern[str]:
    spelling = _flexible(name)
    return re.compile(
        rf"(?<![A-Za-z0-9_]){spelling}[\"']?(?:[=:] ?| )[\"']?([\w.@:/+-]{{1,{_VALUE}}})", re.IGNORECASE
    )


def _moment(flat: dict[str, str]) -> datetime | None:
    """When a record says that it was written, in UTC: a text, or seconds or milliseconds since 1970."""
    for name in _TIMES:
        value = flat.get(name, "")
        if at := stamp(value):
            return at
        try:
            number = float(value)
        except ValueError:
            continue
        if 1e9 < number < 1e10 or 1e12 < number < 1e13:
            return datetime.fromtimestamp(number / (1000 if number >= 1e12 else 1), UTC)
    return None
