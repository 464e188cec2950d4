"""A promise between services that was broken: an event that never came, events in the wrong order."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_EVENT = r"[-*•`'\"\[({ ]{0,6}(?P<name>[a-z][a-z0-9]{1,30}(?:[_.][a-z0-9]{1,30}){1,6})"
_FURTHER = re.compile(r"['\"`]?(?:, ?|,? and |\n\s{0,8}[-*•]? ?)" + _EVENT + r"(?![\w(=])")
"""A further event in a list. Hit: `, order.paid`. Miss: `, and so on`."""
_MOST = 20
_SAID = tuple(
    (problem, re.compile(pattern), title)
    for problem, pattern, title in (
        # Hit: `order violated: order.paid before order.open`
        (
            "order",
            r"(?i:order violated|out of order|wrong order|in the wrong order)[^\n]{0,60}?" + _EVENT,
            "Events out of order at {name}",
        ),
        # Hit: `missing event: order.paid`
        (
            "missing",
            r"(?i:missing|lost|no|never (?:received|got|saw))(?i: required| expected| critical| websocket| agent| mandatory){0,3}(?i: events?)[:\s]{1,3}"
            + _EVENT,
            "Event {name} never came",
        ),
        # Hit: `event order.paid was never received`
        (
            "missing",
            r"(?i:event)s? "
            + _EVENT
            + r"['\"\])} ]{0,4}(?i:(?: was| were)?(?: never| not) (?:received|sent|emitted|delivered|seen)|(?: was| is)? (?:missing|lost)|never (?:arrived|came))",
            "Event {name} never came",
        ),
        # Hit: `unexpected event: order.paid`
        (
            "unexpected",
            r"(?i:unexpected|duplicate|unknown)(?i: event)s?[:\s]{1,3}" + _EVENT,
            "Unexpected event {name}",
        ),
    )
)
"""How suites say that an event was missing, unexpected or out of order. Miss: `the order is paid`."""


def _named(text: str, found: re.Match[str]) -> list[str]:
    """All events that are named in one go, sorted: a set prints itself in any order."""
    names, at = {found["name"]}, found.end("name")
    while len(names) < _MOST and (further := _FURTHER.match(text, at)):
        names.add(further["name"])
        at = further.end()
    return sorted(names)


_BREACH = "triagebot.ContractBreach"
_TITLES = {
    "missing": "Event {event} never came",
    "order": "Out of order: {event}",
    "foreign": "Events of others: {event}",
    "late": "Event {event} came late",
}


def breach(subject: Subject) -> Finding | None:
    """`contract` with the contract's name and what was broken, where triagebot itself found the breach."""
    told = dict(subject.attributes) if subject.qualified == _BREACH else {}
    name, event, problem = (told.get(slot, "") for slot in ("contract", "event", "problem"))
    if problem not in _TITLES:
        return None
    said = f"Contract {name}: {_TITLES[problem].format(event=event)}"
    return finding("contract", said, subject.first, contract=name, event=event, problem=problem)


def contract(subject: Subject) -> Finding | None:
    """`contract` with what was broken and the event's name."""
    low = subject.lowered
    if "event" not in low and "order" not in low:
        return None
    for problem, pattern, title in _SAID:
        if found := pattern.search(subject.text):
            names = [found["name"]] if problem == "order" else _named(subject.text, found)
            said = title.replace("Event", "Events", 1) if len(names) > 1 else title
            return finding(
                "contract",
                said.format(name=", ".join(names)),
                found[0],
                problem=problem,
                event=" ".join(names),
            )
    return None
