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
NO_CAUSE = "no cause of `fetch failed`"
THRESHOLD = "a threshold, not an answer"
UNTOLD = {
    **{
        (tool, name, test): NO_CAUSE
        for test in ("report service is up", "partner resolves", "certificate is trusted")
        for tool, name in (
            ("cucumber", "report.json"),
            ("cucumber", "junit.xml"),
            ("cucumber", "agents.ndjson"),
            ("node-test", "report.tap"),
        )
    },
    ("ruby", "report.json", "wraps its cause"): "RSpec's JSON has no causes",
    ("phpunit", "junit.xml", "testWrapsItsCause"): "PHPUnit 9 logs no previous exceptions of a failure",
    ("go", "report.json", ""): "the compiler writes beside the events",
    ("playwright", "ctrf.json", "says why it fails"): "nothing that was thrown but an Error",
    ("k6", "junit.xml", "http_req_failed"): THRESHOLD,
    ("k6", "junit.xml", "quotes answer 200"): THRESHOLD,
    ("k6", "junit.xml", "http_req_duration"): THRESHOLD,
}
"""What a report does not say of a test, and why; it is read all the same, as what it does say."""
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
    "dart": ("dart",),
}  # fmt: skip
OTHERS_WORDS = {
    ("javascript", "basket holds the plan"): "Newman's script asserts what the others stumble over",
    ("javascript", "says why it fails"): "Newman's script says something else",
    ("javascript", "renderer survives"): "Mocha's throws, Playwright's and Jest's is ended, each in its way",
    ("javascript", "deep report is ready in time"): "the runner's limit in some, the client's in the others",
    ("javascript", "order can be placed"): "Cypress waits for an element, Playwright clicks it",
    ("javascript", "voucher can be applied"): "Cypress and Playwright name elements in their own ways",
    ("javascript", "pays"): "Cypress and Playwright name elements in their own ways",
    ("javascript", "quotes come in time"): "Cypress names an alias, Playwright the address",
    ("java", "basket holds the plan"): "Karate matches what Java stumbles over",
    ("c++", "says why it fails"): "Catch2 and GoogleTest each say that they know nothing",
    ("ruby", "basket holds the plan"): "minitest asserts what RSpec's script stumbles over",
    ("ruby", "says why it fails"): "minitest's own word for a failure without one",
}
"""Tests that do not fail in the same way in all runners of a language, and why."""


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
        if not untold(tool, name, test) and fault in (faults or FAULTS)
    ]


def untold(tool: str, name: str, test: str) -> bool:
    """Whether a report does not say what it should of a test."""
    return any(
        (tool, name) == entry[:2] and (test.startswith(entry[2]) if entry[2] else not test.strip())
        for entry in UNTOLD
    )


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


def plainly(test: str) -> str:
    """The name of a test as a sentence, whatever its language's habits."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", test.partition("/")[0]).lower()
    return re.sub(r"^test ", "", re.sub(r"[^a-z ]", "", spaced.partition(" eu")[0]).strip())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_has_one_key_in_all_runners_of_a_language(language):
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for tool, name in (p.values for p in RECORDED if p.values[0] in LANGUAGES[language]):
        for fault, test, signature in told(tool, name):
            sentence = re.sub(r" (?:api|chromium|mobile chrome)$", "", plainly(test))
            if fault != "assertion" and (language, sentence) not in OTHERS_WORDS:  # words of libraries differ
                found[fault, sentence]["kind"].add(signature.kind)
                for slot, value in signature.slots:
                    if slot != "at":  # a host counts where the wording names one: not every client does
                        found[fault, sentence][slot].add(value)
    assert found
    assert {test: slots for test, slots in found.items() if any(len(v) > 1 for v in slots.values())} == {}


@pytest.mark.parametrize(("tool", "name", "test"), UNTOLD)
def test_what_a_report_does_not_say_is_not_in_it(tool, name, test):
    others = [p.values[1] for p in RECORDED if p.values[0] == tool and p.values[1] != name]
    keys = {
        sign(f).key
        for other in others
        for _, said, f in failing(tool, other)
        if said.startswith(test) and not untold(tool, other, said)
    }
    ours = [
        (fault, sign(f))
        for fault, said, f in failing(tool, name)
        if untold(tool, name, said) and said.startswith(test)
    ]
    assert ours
    for fault, signature in ours:
        kinds, slots, title = FAULTS[fault]
        said = (
            signature.kind in kinds
            and slots.items() <= dict(signature.slots).items()
            and re.search(title, signature.title)
        )
        assert not said or (keys and signature.key not in keys)


def test_every_fault_of_the_truth_is_in_the_table():
    what_is_missing = {entry["fault"] for truth in TOLD.values() for entry in truth.get("failures", ())}
    assert what_is_missing - set(FAULTS) == {"undefined-step", "pending-step"}
