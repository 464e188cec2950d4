"""The same faults in every runner: kind, slots and title are those of the fault, and a failure has one key whatever report tells of it."""

import re
from collections import defaultdict
from functools import cache

import pytest

from tests.reports.test_runners import REPORTS, TOLD, entries, named, read
from triagebot.reports.model import Failure
from triagebot.signatures import Signature, sign

FAULTS = {
    "ws-1011": ({"ws.close"}, {"code": "1011"}, r"WebSocket closed.* with 1011"),
    "http-503": ({"http.status"}, {"status": "503"}, r"HTTP 503 Service Unavailable"),
    "refused": ({"connection"}, {"state": "refused"}, r"Connection.* refused"),
    "timeout": ({"timeout", "browser"}, {}, r"(?i)in time|time limit|timed out"),
    "dns": ({"dns"}, {"reason": "unknown"}, r"could not be resolved"),
    "tls": ({"tls"}, {}, r"TLS connection.* failed: (self-signed|unable to get local issuer)"),
    "crash": ({"worker.crash", "browser", "error"}, {}, r"(?i)crash|closed|nil pointer|ran out of pages"),
    "missing": ({"browser", "error", "assert"}, {}, r"(?i)plan|name|found|executable|button|menu|receipt|order|undefined|null|None|nil|map::at|visible|clickable|disabled|hidden|covered|several|reading|\bkey\b|http"),
    "assertion": ({"browser", "error", "assert"}, {}, r"."),
    "no-source": ({"error", "assert"}, {}, r"."),
    "import": ({"import", "error"}, {}, r"renderer|Import|importer"),
}  # fmt: skip
"""What is expected of a fault: kinds, slots, and what its title says."""
UNTOLD = {
    ("cucumber", "report.json", "refused"): "no cause of `fetch failed`",
    ("cucumber", "junit.xml", "refused"): "no cause of `fetch failed`",
    ("cucumber", "report.json", "dns"): "no cause of `fetch failed`",
    ("cucumber", "junit.xml", "dns"): "no cause of `fetch failed`",
    ("cucumber", "report.json", "tls"): "no cause of `fetch failed`",
    ("cucumber", "junit.xml", "tls"): "no cause of `fetch failed`",
    ("cucumber", "agents.ndjson", "refused"): "no cause of `fetch failed`",
    ("cucumber", "agents.ndjson", "dns"): "no cause of `fetch failed`",
    ("cucumber", "agents.ndjson", "tls"): "no cause of `fetch failed`",
    ("node-test", "report.tap", "refused"): "no cause of `fetch failed`",
    ("node-test", "report.tap", "dns"): "no cause of `fetch failed`",
    ("node-test", "report.tap", "tls"): "no cause of `fetch failed`",
    ("ruby", "report.json", "http-503"): "RSpec's JSON has no causes",
    ("phpunit", "junit.xml", "http-503"): "PHPUnit 9 logs no previous exceptions of a failure",
    ("go", "report.json", "import"): "the compiler writes beside the events",
    ("playwright", "ctrf.json", "no-source"): "nothing that was thrown but an Error",
    ("newman", "agents.xml", "missing"): "no type of what a script threw",
    ("k6", "junit.xml", "http-503"): "a threshold, not an answer",
    ("k6", "junit.xml", "timeout"): "a threshold, not an answer",
    ("cypress", "junit.xml", "assertion"): "two tests of one name",
    ("cypress", "mochawesome.json", "assertion"): "two tests of one name",
}
"""What a report does not carry, and why; it is read all the same, as what it does say."""
LANGUAGES = {
    "javascript": ("jest", "vitest", "mocha", "playwright", "playwright-browser", "cypress", "cucumber", "node-test", "tap", "newman"),
    "java": ("maven", "karate"),
    "dotnet": ("trx", "nunit", "xunit-net"),
    "python": ("pytest", "allure"),
    "c++": ("ctest",),
    "go": ("go",),
    "rust": ("nextest",),
    "php": ("phpunit",),
    "ruby": ("ruby",),
}  # fmt: skip
ONE_KEY = ("ws-1011", "refused")
"""Faults whose every wording names the same facts; statuses, names and certificates come with a host or without."""


@cache
def failing(tool: str, name: str) -> tuple[tuple[str, str, Failure], ...]:
    """(fault, test and project, failure) of each failure that the truth of a report names."""
    report = read(tool, name)
    return tuple(
        (entry["fault"], f"{entry['name']} {entry.get('project', entry.get('leg', ''))}", case.failures[0])
        for entry in entries(tool, name, "failures")
        for case in [one for one in named(report, entry) if one.failures][:1]
    )


def told(tool: str, name: str, *faults: str) -> list[tuple[str, str, Signature]]:
    """Signatures of the failures of these faults (of all, without any) of which the report carries what is needed."""
    return [
        (fault, test, sign(failure))
        for fault, test, failure in failing(tool, name)
        if (tool, name, fault) not in UNTOLD and fault in (faults or FAULTS)
    ]


RECORDED = [p for p in REPORTS if p.values[0] != "github-actions"]


@pytest.mark.parametrize(("tool", "name"), RECORDED)
def test_a_fault_has_its_kind_its_slots_and_says_so_in_its_title(tool, name):
    wrong = [
        (fault, test, signature.kind, signature.slots, signature.title)
        for fault, test, signature in told(tool, name)
        for kinds, slots, title in [FAULTS[fault]]
        if signature.kind not in kinds
        or not slots.items() <= dict(signature.slots).items()
        or not re.search(title, signature.title)
    ]
    assert wrong == []


@pytest.mark.parametrize(("tool", "name"), RECORDED)
def test_no_title_is_a_banner_a_place_or_the_name_of_a_test_alone(tool, name):
    for _fault, test, failure in failing(tool, name):
        title = sign(failure).title
        assert not re.search(
            r"[─═⎯]{3}|\?\?\?|^\S+\.\w+:\d+|Running main\(\)|^Failed$|^Failure$|^● ", title
        ), (test, title)
        assert title.strip() not in {failure.test, test.strip()}


@pytest.mark.parametrize("tool", sorted({p.values[0] for p in RECORDED}))
def test_a_failure_has_one_key_in_all_reports_of_its_run(tool):
    keys: dict[str, dict[str, str]] = defaultdict(dict)
    for name in (p.values[1] for p in RECORDED if p.values[0] == tool and "rerun" not in p.values[1]):
        for fault, test, signature in told(tool, name):
            keys[f"{fault}: {test}"][name] = signature.key
    assert {test: found for test, found in keys.items() if len(set(found.values())) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", ONE_KEY)
def test_a_fault_has_one_key_in_all_runners_of_a_language(language, fault):
    reports = [p.values for p in RECORDED if p.values[0] in LANGUAGES[language]]
    found = {
        (signature.kind, signature.slots)
        for tool, name in reports
        for _f, _t, signature in told(tool, name, fault)
    }
    if language == "java" and fault == "refused":
        found = {
            (kind, tuple(slot for slot in slots if slot[0] == "state")) for kind, slots in found
        }  # JDK's client names no peer
    assert len(found) <= 1


def test_every_fault_of_the_truth_is_in_the_table():
    what_is_missing = {entry["fault"] for truth in TOLD.values() for entry in truth.get("failures", ())}
    assert what_is_missing - set(FAULTS) == {"undefined-step", "pending-step"}
