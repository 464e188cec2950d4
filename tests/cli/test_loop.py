"""The staging loop over the example's days: every statement of session, gates and findings, held against what is true of the reports."""

import json
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, NOON, STAGING, Command

ROOT = Path(__file__).parents[2]
DAYS = ["day-1-green", "day-2-red", "day-3-red", "day-4-red", "day-5-green", "day-6-red"]
P1 = ("test_1_websocket_events_staging.py", "test_10_critical_path_staging.py")


def truth(day: str) -> dict:
    return json.loads((STAGING / day / "truth.json").read_text())


def test_readme_s_loop_can_be_followed_word_for_word(triagebot: Command, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    block = readme.partition("<!-- loop -->\n```sh\n")[2].partition("```")[0]
    said = []
    for line in block.splitlines():
        words = shlex.split(line.partition(" || ")[0], comments=True)
        assert words[0] == ".venv/bin/triagebot"
        words = [str(ROOT / word) if word.startswith("examples/") else word for word in words[1:]]
        said.append(triagebot(*words))
    assert [one.code for one in said] == [0, 4, 0, 0, 0, 0, 0]
    start, red, after, chosen, green, status, closed = (one.out for one in said)
    assert "(#1): open, 0 runs, 6 suites chosen, staging, main" in start
    assert "Gate data first: held: kept in 0 of 20 tests; broken in 20" in red
    assert "Next: phase 2 chat: 10 of 28 tests are red (#2, #3, #4); fix what broke them" in after
    assert "pytest --json-report --json-report-file=report.json --triagebot-trace " in after
    assert chosen.rstrip().endswith("@.triagebot/args.txt")
    assert "Gate data first: open: kept in 20 of 20 tests" in green
    assert "Next: all gates are open and 68 tests are proven: `triagebot session close`" in status
    assert "closed, 2 runs" in closed
    page = next((tmp_path / ".triagebot/sessions").glob("*/session.html")).read_text()
    assert "agents ran in the order" in page and "68 of 69 known tests" in page


def test_a_session_over_the_days_says_what_is_true_of_them(triagebot: Command) -> None:
    triagebot("session", "start", "--focus", "golden path", "--config", CONFIG)
    for number, day in enumerate(DAYS):
        triagebot("triage", STAGING / day, "--config", CONFIG, now=NOON + timedelta(days=number))
    told = json.loads(triagebot("session", "status", "--config", CONFIG, "--json").out)
    assert len(told["runs"]) == len(DAYS)
    for day, ran in zip(DAYS, told["runs"], strict=True):
        known, report = truth(day), json.loads((STAGING / day / "report.json").read_text())
        gates = {gate["name"]: gate["open"] for gate in ran["gates"]}
        assert (ran["passed"], ran["failed"]) == (report["summary"].get("passed", 0), len(known["tests"]))
        assert ran["revision"] == f"staging-{41 + DAYS.index(day):05}"
        assert gates["P1"] == (not any(name in test for test in known["tests"] for name in P1))
        assert gates["five events"] == (not {"ws-env", "event-lost"} & {*known["faults"]})
        assert gates["data first"] == (not {"ws-env", "order-violated"} & {*known["faults"]})
        assert len(ran["causes"]) >= len(known["faults"])
        assert bool(ran["causes"]) == bool(known["tests"])
        assert any("data first: order" in said for said in ran["doubts"]) == (
            "order-violated" in known["faults"]
        )


def changed(
    tmp_path: Path, name: str, change, revision: str = "staging-00041", at: datetime | None = None
) -> Path:
    """Day 1 as another day's report."""
    report = json.loads((STAGING / "day-1-green/report.json").read_text())
    report["environment"]["revision"] = revision
    if at:
        report["created"] = at.timestamp()
    change(report)
    counts = {"total": len(report["tests"]), "collected": report["summary"]["collected"]}
    for test in report["tests"]:
        counts[test["outcome"]] = counts.get(test["outcome"], 0) + 1
    report["summary"] = counts
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(report))
    return path


def five(report: dict) -> list[dict]:
    return [
        test for test in report["tests"] if "test_1_" in test["nodeid"] and "five_events" in test["nodeid"]
    ]


def nothing(_report: dict) -> None:
    """Day 1 as it was."""


def lose(report: dict) -> None:
    """What the service does under `event-lost`, as a suite meets it that does not look."""
    for test in five(report):
        test["call"]["log"] = [
            line for line in test["call"]["log"] if "receives tool_executing" not in line["msg"]
        ]


def turn(report: dict) -> None:
    for test in five(report):
        log = test["call"]["log"]
        some = [
            n
            for n, line in enumerate(log)
            if " receives agent_" in line["msg"] or " receives tool_" in line["msg"]
        ]
        moved = [log[n] for n in (*some[10:15], *some[:10])]
        for n, line in zip(some, moved, strict=True):
            log[n] = line


def meet(action: str, host: str):
    """Traces as the plugin writes them, of a suite that met something else than the service."""

    def change(report: dict) -> None:
        for test in report["tests"]:
            if "test_1_" in test["nodeid"]:
                trace = {"start": 1.0, "end": 2.0, "contacts": [[action, host, "/x", "200", 1.5]]}
                test.setdefault("metadata", {})["triagebot"] = {"trace": trace}

    return change


def hurry(report: dict) -> None:
    for test in report["tests"]:
        for phase in ("setup", "call", "teardown"):
            if phase in test:
                test[phase]["duration"] = 0.0001


def stop(report: dict) -> None:
    report["tests"] = report["tests"][:20]
    report["exitcode"] = 2


NEW_DAYS = [
    ("event lost in passing tests", lose, "five events", "contract five events: missing: tool_executing of data never came; 4 of 5 did"),
    ("reporting first in passing tests", turn, "data first", "contract data first: order: reporting"),
    ("a mock in the place of the service", meet("mock GET", "127.0.0.1:1"), "P1", "7 × 0 connections to 127.0.0.1"),
    ("a fake elsewhere", meet("GET", "fake.example"), "P1", "7 × 0 connections to 127.0.0.1"),
    ("no time for anything real", hurry, "P1", "WebSocket events: 7 unproven passes (7 × too fast): 0.00 s for 7 tests (at least 0.3 s)"),
    ("stopped early", stop, "P1", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "held", "finding"), [day[1:] for day in NEW_DAYS], ids=[day[0] for day in NEW_DAYS]
)
def test_a_green_day_that_proves_nothing_is_told_as_such(triagebot: Command, tmp_path: Path, change, held: str, finding: str) -> None:  # fmt: skip
    said = triagebot(
        "triage", changed(tmp_path, "day", change), "--config", CONFIG, "--json", "--fail-on", "gate"
    )
    assert said.code == 4, said.err
    told = json.loads(said.out)
    gates = {gate["name"]: gate for gate in told["gates"]}
    assert not gates[held]["open"]
    filed = [change["key"] for change in told["changes"] if not change["key"].startswith("run.exit")]
    assert filed == [], "nothing is enforced, so that nothing is filed"
    shown = triagebot("group", changed(tmp_path, "day", change), "--config", CONFIG).out.replace("\n", " ")
    assert finding.lower() in shown.lower()


def test_a_suite_that_did_not_run_for_two_weeks_is_chosen_first_and_holds_its_gate(
    triagebot: Command, tmp_path: Path
) -> None:
    def without(report: dict) -> None:
        report["tests"] = [test for test in report["tests"] if "test_2_message_flow" not in test["nodeid"]]
        report["summary"]["collected"] = len(report["tests"])

    first = changed(tmp_path, "first", nothing, at=NOON)
    triagebot("triage", first, "--config", CONFIG, now=NOON)
    for days in (5, 14):
        at = NOON + timedelta(days=days)
        later = changed(tmp_path, f"later{days}", without, f"staging-000{50 + days}", at)
        said = triagebot("triage", later, "--config", CONFIG, now=at)
    assert "Gate P2: held: 22 of 28 proven; 6 elsewhere" in said.out
    chosen = json.loads(triagebot("select", "--least-covered", "--config", CONFIG, "--json", now=at).out)
    first = [test for test in chosen["tests"] if test["gate"]]
    assert {test["suite"] for test in first} == {"Message flow"}
    assert all("proven on staging-00041, not on staging-00064" in test["reason"] for test in first)


def test_a_breach_that_is_enforced_is_filed_and_its_evidence_shows_the_lines(
    triagebot: Command, tmp_path: Path
) -> None:
    config = tmp_path / "enforced.toml"
    config.write_text(
        CONFIG.read_text().replace('name = "five events"\n', 'name = "five events"\nenforce = true\n')
    )
    triagebot("triage", changed(tmp_path, "day", lose), "--config", config)
    shown = triagebot("issues", "show", "1").out
    assert "Contract five events: Event tool_executing never came" in shown
    assert "missing: tool_executing of data never came; 4 of 5 did" in shown


def test_unproven_green_days_close_no_issue(triagebot: Command, tmp_path: Path) -> None:
    def only(change):
        def changed_(report: dict) -> None:
            report["tests"] = [test for test in report["tests"] if "test_1_" in test["nodeid"]]
            report["summary"]["collected"] = len(report["tests"])
            change(report)

        return changed_

    def red(report: dict) -> None:
        for test in five(report):
            test["outcome"] = test["call"]["outcome"] = "failed"
            test["call"]["crash"] = {
                "path": "x.py",
                "lineno": 1,
                "message": "ConnectionRefusedError: [Errno 111]",
            }
            test["call"]["longrepr"] = (
                "x.py:1: ConnectionRefusedError\nE   ConnectionRefusedError: [Errno 111]"
            )
        report["exitcode"] = 1

    triagebot("triage", changed(tmp_path, "red", only(red), "v0", NOON), "--config", CONFIG, "--no-logs")
    for days in range(1, 7):
        at = NOON + timedelta(days=days)
        triagebot(
            "triage",
            changed(tmp_path, f"fast{days}", only(hurry), f"v{days}", at),
            "--config",
            CONFIG,
            now=at,
        )
    assert len(json.loads(triagebot("issues", "list", "--json").out)) == 1
    for days in range(8, 13):
        at = NOON + timedelta(days=days)
        triagebot(
            "triage",
            changed(tmp_path, f"slow{days}", only(nothing), f"v{days}", at),
            "--config",
            CONFIG,
            now=at,
        )
    assert json.loads(triagebot("issues", "list", "--json").out) == []


def test_the_report_of_a_run_leads_with_gates_and_with_what_its_passes_are_worth(
    triagebot: Command, tmp_path: Path
) -> None:
    triagebot("triage", STAGING / "day-4-red", "--config", CONFIG, "--out", "report")
    for name in ("index.md", "index.html"):
        text = (tmp_path / "report" / name).read_text()
        order = [
            text.index(said) for said in ("Gates", "kept in 0 of 20 tests", "Contracts and proof", "At risk")
        ]
        assert order == sorted(order)
        assert "optimisation began before data began" in text


def test_a_session_in_which_nothing_is_proven_is_closed_only_with_a_reason(triagebot: Command) -> None:
    triagebot("session", "start", "--focus", "x")
    assert "no run is known yet" in triagebot("session", "next").out
    said = triagebot("session", "close")
    assert (said.code, "no test is proven in it" in said.err) == (1, True)
    assert triagebot("session", "close", "--force", "begun by mistake").code == 0
    assert "by force: begun by mistake" in triagebot("issues", "show", "1").out


def test_quarantine_runs_tests_apart_and_shouts_when_it_is_over(triagebot: Command, tmp_path: Path) -> None:
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG)
    config = tmp_path / "held.toml"
    config.write_text(
        CONFIG.read_text()
        + '\n[[quarantine]]\nmatch = "*TestPricing*"\nuntil = 2026-11-30\nissue = 1\nreason = "pricing is moved"\n'
        + '[[quarantine]]\nmatch = "*TestRecovery*"\nuntil = 2026-11-01\nissue = 1\nreason = "was moved"\n'
    )
    said = triagebot("pytest-args", "--config", config)
    assert all("::TestPricing::" in word for word in shlex.split(said.out))
    assert "QUARANTINE IS OVER for *TestRecovery*: it ended on 2026-11-01 (was moved)" in said.err
    only = triagebot("pytest-args", "--only", "--config", config, "--json")
    assert [f"--deselect={test}" for test in json.loads(only.out)["args"]] == shlex.split(said.out)
    triagebot("issues", "close", "1")
    assert "issue #1 is closed (pricing is moved)" in triagebot("pytest-args", "--config", config).err


def test_tests_that_never_ran_are_found_in_the_code(triagebot: Command) -> None:
    triagebot("triage", STAGING / "day-1-green", "--config", CONFIG)
    listed = "tests/e2e/staging/test_1_websocket_events_staging.py::TestNew::test_new[a b]\n\n1 test collected in 0.01s\n"
    said = triagebot("select", "--collect", "-", "--config", CONFIG, "--json", stdin=listed.encode())
    (found,) = json.loads(said.out)["tests"]
    assert (found["test"], found["suite"]) == (listed.splitlines()[0], "WebSocket events")
    assert found["reason"].startswith("gate P1 needs it: it never ran")
    assert json.loads(said.out)["command"].endswith("tests/e2e/staging/test_1_websocket_events_staging.py")
