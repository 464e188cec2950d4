"""A model that is none: it answers the program's own request from the evidence in it, well, or spoilt as a test asks.

In: the body of a request to the Messages API. Out: an answer in the schema that was asked for. The answers were written by
hand: they test what is done with an answer, and say nothing about how a model would answer.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.models.stub import Answer, message

_ITEM = re.compile(r"^(E\d+) (\w+): (.*)$")
_LINE = re.compile(r"^(E\d+):L(\d+)\| (.*)$")
_WORD = re.compile(r"[A-Za-z]{4,30}")
Spoil = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Quoted:
    """One line of evidence as a ref of an answer quotes it."""

    evidence: str
    kind: str
    line: int
    text: str

    def ref(self, words: str = "") -> dict[str, Any]:
        return {
            "evidence": self.evidence,
            "line": self.line,
            "quote": words or self.text.strip()[:150].strip(),
        }


def evidence(body: dict[str, Any]) -> list[Quoted]:
    """The lines of the catalogue in a request, in order."""
    kinds: dict[str, str] = {}
    found = []
    for line in body["messages"][0]["content"].splitlines():
        if item := _ITEM.match(line):
            kinds[item[1]] = item[2]
        elif cited := _LINE.match(line):
            found.append(Quoted(cited[1], kinds[cited[1]], int(cited[2]), cited[3]))
    return found


def problem(body: dict[str, Any]) -> str:
    """Why 0 of a request: tells which group it is about."""
    return str(body["messages"][0]["content"]).splitlines()[0].partition(": ")[2]


def with_words(found: list[Quoted], words: str) -> Quoted:
    """The first line that holds these words. Raises StopIteration without one."""
    return next(line for line in found if words in line.text)


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """A good answer to a request: the true one for the missing token of the staging example, else a careful one."""
    found = evidence(body)
    if "with 1011" in problem(body) and any("KeyError: 'AGENT_SERVICE_TOKEN'" in q.text for q in found):
        return _token(found)
    return _careful(found)


def analyst(spoil: Spoil = lambda _: None, **more: Any) -> Answer:
    """A server's answer: a good one to what was asked, spoilt; `more` goes into the message, such as its usage."""

    def says(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        made = answer(body)
        spoil(made)
        message(json.dumps(made), **more)(handler, body)

    return says


def _why(
    id: str, parent: str, status: str, sentence: str, refuted: str, *refs: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": id,
        "parent": parent,
        "branch": "occurrence",
        "sentence": sentence,
        "status": status,
        "refs": list(refs),
        "refuted_by": refuted,
    }


def _careful(found: list[Quoted]) -> dict[str, Any]:
    """Two steps that the evidence of any red run carries, and a hypothesis."""
    said = next(q for q in found if q.kind == "message" and _WORD.search(q.text))
    passed = next(q for q in found if q.kind == "contrast" and "passed" in q.text)
    word = _WORD.search(said.ref()["quote"])[0]
    whys = [
        _why(
            "W1",
            "",
            "supported",
            f"What the tests reported first speaks of {word}.",
            "An earlier line of the same report names another error.",
            said.ref(),
        ),
        _why(
            "W2",
            "W1",
            "supported",
            "Only this path is concerned: other tests passed in the same run.",
            "The tests that passed never reached the deployed service.",
            passed.ref(),
        ),
        _why(
            "W3",
            "W2",
            "hypothesis",
            "A setting that only this path reads is not there in the deployment.",
            "The setting is listed for the running revision, and the tests still fail.",
        ),
        {
            **_why(
                "W4",
                "",
                "unknown",
                "Whether any check before staging reads this setting is not known.",
                "The list of checks that run before staging, with what they read.",
            ),
            "branch": "detection",
        },
    ]
    return _whole(whys, "W3", "root_cause_hypothesis", [])


def _token(found: list[Quoted]) -> dict[str, Any]:
    """The true cause of the staging example's 1011, as a careful reader of its logs would draft it."""
    closed = with_words(found, "received 1011 (internal error)")
    failed, error = with_words(found, "chat_failed"), with_words(found, "KeyError: 'AGENT_SERVICE_TOKEN'")
    read, same = (
        with_words(found, 'environ["AGENT_SERVICE_TOKEN"]'),
        with_words(found, "passed in the same file"),
    )
    named = with_words(found, "AGENT_SERVICE_TOKEN is ")
    whys = [
        _why(
            "W1",
            "",
            "supported",
            "The realtime service closed the chat because its own handler ended in an error, chat_failed, right after the client had connected.",
            "The log of realtime shows that the client or a proxy closed the connection first.",
            closed.ref("received 1011 (internal error) Internal error"),
            failed.ref("ERROR realtime staging.realtime chat_failed"),
        ),
        _why(
            "W2",
            "W1",
            "supported",
            "The handler stopped at KeyError: 'AGENT_SERVICE_TOKEN'.",
            "The same traceback ends in another exception for most of the failing tests.",
            error.ref(),
        ),
        _why(
            "W3",
            "W2",
            "supported",
            "The setting AGENT_SERVICE_TOKEN is read for every chat, when the context of its agents is made, and not when the service starts.",
            "The service refuses to start without this setting.",
            read.ref(),
        ),
        _why(
            "W4",
            "W3",
            "hypothesis",
            "The deployment does not hand AGENT_SERVICE_TOKEN to the realtime service.",
            "The names of the variables of the running realtime process include it.",
            named.ref(),
        ),
        {
            **_why(
                "W5",
                "",
                "unknown",
                "Whether any check before staging compares the settings that the code reads with those that are deployed is not known.",
                "The list of the checks of the deployment.",
            ),
            "branch": "detection",
        },
    ]
    rivals = [
        {
            "cause": "The service was down or could not be reached.",
            "standing": "ruled_out",
            "because": "Tests of the same file passed in the same run, over HTTP.",
            "refs": [same.ref()],
        },
        {
            "cause": "The pricing service, which answered 503 in the same run, made the chats fail.",
            "standing": "open",
            "because": "Nothing that was read connects the two.",
            "refs": [],
        },
    ]
    return _whole(whys, "W4", "root_cause_hypothesis", rivals)


def _whole(
    whys: list[dict[str, Any]], root: str, verdict: str, rivals: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "whys": whys,
        "roots": [{"why": root, "rank": "primary"}],
        "rivals": rivals,
        "actions": [
            {
                "root": root,
                "purpose": "correct",
                "step": "Give the setting to the deployed service and start it again.",
                "done_when": "The failing tests pass on staging.",
                "window": "now",
            },
            {
                "root": root,
                "purpose": "prevent",
                "step": "Let the service check at its start that every setting it reads is there.",
                "done_when": "A deployment without the setting fails before it takes traffic.",
                "window": "24h",
            },
        ],
        "missing": [
            {
                "what": "The names of the variables of the running process, for the time of this run",
                "how": "Write the names, never the values, to the log when the service starts.",
            }
        ],
        "verdict": verdict,
    }
