"""Requests and frames that the test process sent, as steps: action, role of the host, template of the path, what came back."""

import re
from collections.abc import Iterator, Mapping

from triagebot.reports.model import Case, Contact
from triagebot.signatures.host import chosen, role, steady
from triagebot.signatures.mask import mask
from triagebot.steps.model import Step

_ID = re.compile(
    # a segment of a path that names one thing of many: a number, or letters and digits mixed at some length
    r"\d{1,40}|(?=[^/]{0,64}\d)(?=[^/]{0,64}[A-Za-z])[\w.~%-]{12,200}"
)
"""Hit: `48213`. Hit: `ord-1nird82ezvky`. Miss: `orders`."""


def steps(case: Case, hosts: Mapping[str, str]) -> Iterator[Step]:
    """The contacts of a test; `hosts` are the roles of hosts as the config gives them."""
    for contact in case.trace.contacts if case.trace else ():
        yield Step("contact", _stable_text(contact, hosts), quote=_quoted(contact), at=contact.at)


def _stable_text(contact: Contact, hosts: Mapping[str, str]) -> str:
    """A contact without what differs from run to run."""
    parts = (contact.action, _named(contact.host, hosts), template(contact.path), contact.status)
    return " ".join(filter(None, parts))


def _named(host: str, hosts: Mapping[str, str]) -> str:
    """The role of a host, else its steady name, with a port that is somebody's choice."""
    bare, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
    known = role(host, hosts)
    if known != host:
        return known
    named = role(steady(bare), hosts) if bare else ""
    return f"{named}:{port}" if chosen(port) else named


def _quoted(contact: Contact) -> str:
    """A contact as it was."""
    return " ".join(
        filter(
            None, (contact.action, f"{contact.host}{contact.path}", contact.status and f"▶ {contact.status}")
        )
    )


def template(path: str) -> str:
    """A path whose ids are replaced: `/orders/17/items` is `/orders/{id}/items`. The query is left out."""
    bare = path.partition("?")[0].partition("#")[0]
    return "/".join(_segment(segment) for segment in bare.split("/"))


def _segment(segment: str) -> str:
    """One segment of a path."""
    if _ID.fullmatch(segment):
        return "{id}"
    masked = mask(segment)
    return segment if masked == segment else re.sub(r"<\w{1,20}>", "{id}", masked)
