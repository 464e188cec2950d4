"""Answers without a network: recorded ones by the hash of the exact request, hand-written ones by the name of a case.

In: a request's parameters. Out: the SDK's message. A request that nobody recorded is a miss: it fails, is counted, and never
calls out. Recording keeps what the model answered and nothing of what it was asked but the hash.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.drafts.cases import Case
from triagebot.models.claude.clients import Wire, sdk

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
HANDWRITTEN = HERE / "handwritten"


class MissError(Exception):
    """Nobody recorded an answer to this request."""


def key(params: Mapping[str, Any]) -> str:
    """The name of a recording: 32 hex digits of the sha256 over the request."""
    return sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:32]


@dataclass
class Replay:
    """A wire over a folder of recordings. `misses` are the keys that were asked for in vain."""

    folder: Path = RECORDED
    misses: list[str] = field(default_factory=list)

    def wire(self) -> Wire:
        return Wire(self._create, lambda: None)

    def _create(self, params: Mapping[str, Any], _: float) -> Any:
        path = self.folder / f"{key(params)}.json"
        if not path.exists():
            self.misses.append(path.stem)
            raise MissError(path.stem)
        return message(json.loads(path.read_text(encoding="utf-8"))["message"])


def recording(real: Wire, folder: Path, redact: Callable[[str], str]) -> Wire:
    """A wire that asks the real one and keeps its answers, redacted."""

    def create(params: Mapping[str, Any], seconds: float) -> Any:
        answer = real.create(params, seconds)
        held = {"model": params["model"], "message": json.loads(redact(answer.to_json()))}
        (folder / f"{key(params)}.json").write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
        return answer

    return Wire(create, real.close)


def message(held: Mapping[str, Any]) -> Any:
    """The SDK's value of a message in JSON."""
    return sdk().types.Message.model_validate(held)


@dataclass(frozen=True)
class Handwritten:
    """An answer that a person wrote to try the way from answer to issue. It says nothing about any model."""

    name: str
    case: str
    expects: str
    answer: dict[str, Any]

    def wire(self, case: Case) -> Wire:
        """A wire that answers this, every time, with its quotes looked up in the case's evidence."""
        text = json.dumps(_resolved(self.answer, case))
        held = {
            "id": "msg_handwritten", "type": "message", "role": "assistant", "model": "handwritten", "stop_reason": "end_turn",
            "stop_sequence": None, "content": [{"type": "text", "text": text}], "usage": {"input_tokens": 0, "output_tokens": 0},
        }  # fmt: skip
        return Wire(lambda _params, _seconds: message(held), lambda: None)


def handwritten() -> list[Handwritten]:
    """All of them, by name."""
    return [
        Handwritten(path.stem, **json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(HANDWRITTEN.glob("*.json"))
    ]


def _resolved(value: Any, case: Case) -> Any:
    """An answer in which `{"find": words}` became a ref: the first line of the evidence that holds them."""
    if isinstance(value, dict) and set(value) == {"find"}:
        return _found(value["find"], case)
    if isinstance(value, dict):
        return {name: _resolved(held, case) for name, held in value.items()}
    return [_resolved(held, case) for held in value] if isinstance(value, list) else value


def _found(words: str, case: Case) -> dict[str, Any]:
    """The ref to some words. Raises LookupError when the evidence does not hold them."""
    for item in case.catalogue.items:
        for line in item.lines:
            if words in line.text:
                return {"evidence": item.id, "line": line.number, "quote": words}
    raise LookupError(f"{case.name}: no evidence holds {words!r}")
