"""The five rows of a digest as open questions: each says where this very group could be answered, none suggests an answer.

In: a group, its run, the passing tests nearest to it. Out: five `Question`s of plain text. What comes from reports is
not redacted yet. A host is named only when the exception itself named it; one found beside it may be anybody's.
"""

from collections.abc import Sequence

from triagebot.drafts.model import Question
from triagebot.groups.model import Group
from triagebot.reports.model import Case, Run

_WITNESS = {
    "ws": "the log of that connection on both sides, in the minute before",
    "http": "the log of the server that answered{status}, by the time or the id of the request",
    "grpc": "the log of the server that answered, by the time or the id of the call",
    "aws": "the request id in AWS's own log, and the quota or permission that was asked",
    "browser": "the trace or video of that page, its console and its failed requests",
    "connection": "whether the service was up and listening in that minute: health checks, restarts, deployments",
    "dns": "what the name resolves to from the machine that ran the tests, then and now",
    "tls": "the certificate that was served in that minute: names, dates and chain",
    "timeout": "what each side was doing while the other one waited",
    "event_loop": "who made that loop and who closed it, in the order of the test's log",
    "import": "what was installed in the environment of the tests, and in which versions",
    "syntax": "the file as it stands at that commit, and what wrote it last",
    "json": "the body of the answer as it came, with its status and content type",
    "validation": "the document that was refused, and the version of the schema that refused it",
    "env": "where that process gets its variables, and what it really had",
    "database": "the database's own log, and its schema at that time",
    "filesystem": "the path on that machine: whether it is there, whose it is, what makes it and when that ran last",
    "fixture": "the set-up log of the fixture, from its first line",
    "contract": "the log of whoever should have sent{event}, from the start of the exchange",
    "worker": "the exit status or signal of the worker, and the memory in use before it",
    "process": "the exit status or signal of the process, and the memory in use before it",
}
_HELD = {
    "connection": "what waits for the service to be ready before it is called, and what it takes for ready",
    "timeout": "the limit that ran out: who set it, and what it is today",
    "import": "what installs and pins the module, and what checks it before the tests start",
    "env": "what checks the variables when the process starts",
    "database": "what brings the schema up to date before it is used, and what checks that",
    "contract": "what checks on the sender's side that everything was sent, and in order",
}


def questions(group: Group, run: Run, near: Sequence[tuple[str, Sequence[Case]]]) -> tuple[Question, ...]:
    """The five rows, all open. `near` is what passed beside the group, in words and cases, nearest first."""
    family = group.signature.kind.partition(".")[0]
    return (
        Question(f"What happened first, before {_first(group)}?", _witness(group, family)),
        Question(
            "What made that happen?",
            "what changed (commits, deployment, configuration, data) between the last run that passed and "
            f"{_tested(run)}",
        ),
        Question(
            "What allowed it to happen?",
            _HELD.get(
                family,
                "the check, default or limit that should have held at that place, and what it does today",
            ),
        ),
        Question("Why was it not noticed earlier?", _unnoticed(near)),
        Question(
            "What keeps it from happening again?",
            f"a change after which {_passes(group)}, and a test that fails without that change",
        ),
    )


def name_of(test: str) -> str:
    """The function and parameters of a display id; parameters may hold anything, `::` too."""
    head, bracket, parameters = test.partition("[")
    return f"{head.rpartition('::')[2]}{bracket}{parameters}"[:120]


def _first(group: Group) -> str:
    """The first failing test as the report lists them."""
    if not group.tests:
        return "the run ended like this"
    more = f", the first of {len(group.tests)}," if len(group.tests) > 1 else ""
    return f"{name_of(group.tests[0])}{more} failed"


def _witness(group: Group, family: str) -> str:
    """Where to look first for this kind of failure."""
    slots = dict(group.signature.slots)
    if host := slots.get("host"):
        return f"the log of {host} in the minute before"
    said = {"status": f" with {slots['status']}"} if "status" in slots else {"status": ""}
    said["event"] = f" {slots['event']}" if "event" in slots else " it"
    found = _WITNESS.get(family, "the log of the side that failed, in the minute before")
    return found.format(**said)


def _tested(run: Run) -> str:
    """What was tested, by the name that people deploy it under."""
    if run.revision:
        return f"revision {run.revision[:80]}"
    return f"commit {run.commit[:12]}" if run.commit else "this one"


def _unnoticed(near: Sequence[tuple[str, Sequence[Case]]]) -> str:
    """Where the tests have a hole: what passes close by, where anything does."""
    if not near:
        return "the earliest test, check or alarm that could have seen it, and when that last ran"
    _, cases = near[0]
    beside = name_of(cases[0].test)
    if len(cases) == 1:
        return f"what the failing tests touch and {beside}, which passed, does not"
    return f"what the failing tests touch and {beside} and {len(cases) - 1} more, which passed, do not"


def _passes(group: Group) -> str:
    """That the tests of the group are green again."""
    if not group.tests:
        return "the run ends well"
    return (
        f"all {len(group.tests)} tests pass" if len(group.tests) > 1 else f"{name_of(group.tests[0])} passes"
    )
