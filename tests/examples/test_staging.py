"""The staging example does what its README says, and its committed reports are what its provenance says.

The two runs are real: three services on the loopback and a part of the suite. They take some seconds together.
"""

import hashlib
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from triagebot.config import load
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.proving import judged
from triagebot.pipeline.reading import read_runs
from triagebot.pipeline.run_options import ReportOptions

EXAMPLES = Path(__file__).parents[2] / "examples"
STAGING = EXAMPLES / "staging"
REPORTS = STAGING / "reports"
TRACED = STAGING / "traced"
DAYS = [day["day"] for day in json.loads((REPORTS / "PROVENANCE.json").read_text(encoding="utf-8"))["days"]]
TRACED_DAYS = ["day-7-green", "day-8-red"]
FILES = ("report.json", "junit.xml", "output.txt", "service.log", "truth.json")
RED = [day for day in DAYS if day.endswith("red")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(STAGING / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def provenance(day: str) -> dict[str, Any]:
    days = (*read(REPORTS / "PROVENANCE.json")["days"], *read(TRACED / "PROVENANCE.json")["days"])
    return next(entry for entry in days if entry["day"] == day)


def folder(day: str) -> Path:
    return (TRACED if day in TRACED_DAYS else REPORTS) / day


def red(report: dict[str, Any]) -> dict[str, str]:
    """Each red test of a JSON report with what it said in its first red phase."""
    return {
        test["nodeid"]: next(
            test[phase]["crash"]["message"]
            for phase in ("setup", "call", "teardown")
            if test.get(phase, {}).get("outcome") == "failed"
        )
        for test in report["tests"]
        if test["outcome"] in ("failed", "error")
    }


class TestRuns:
    CHOICE = ("--", "-k", "critical_path or model_has_a_price or ping_is_answered")

    def test_a_fake_in_the_place_of_the_service_is_green_and_proves_nothing(self, tmp_path: Path) -> None:
        done = run("suite", "--out", str(tmp_path), "--fake", "--", "-k", "same_token", "--triagebot-trace")
        assert done.returncode == 0, done.stdout + done.stderr
        (read_,) = read_runs(ReportOptions((str(tmp_path / "report.json"),)), Effects(), strict=False)
        config = load((EXAMPLES / "triagebot.toml").read_text(encoding="utf-8"), "triagebot.toml")
        judged_, proof = judged(read_, config, None)
        assert [case.unproven[:23] for case in judged_.cases] == ["a mock answered for 127"]
        assert [suite.state for suite in proof.suites] == ["unproven"]

    def test_without_faults_the_suite_is_green_and_says_what_was_tested(self, tmp_path: Path) -> None:
        done = run("suite", "--out", str(tmp_path), "--commit", "abc", "--revision", "r-7", *self.CHOICE)
        report = read(tmp_path / "report.json")
        assert (done.returncode, red(report)) == (0, {}), done.stdout + done.stderr
        assert report["summary"]["passed"] == 8
        facts = {"environment": "staging", "branch": "main", "commit": "abc", "revision": "r-7"}
        assert report["environment"] == facts
        properties = ET.parse(tmp_path / "junit.xml").iter("property")
        assert {prop.get("name"): prop.get("value") for prop in properties} == facts
        assert "8 passed" in (tmp_path / "output.txt").read_text(encoding="utf-8")

    def test_two_faults_break_their_own_tests_and_no_others(self, tmp_path: Path) -> None:
        done = run("suite", "--out", str(tmp_path), "--faults", "ws-env,pricing-503", *self.CHOICE)
        failures = red(read(tmp_path / "report.json"))
        closed = [test for test, said in failures.items() if "received 1011 (internal error)" in said]
        unavailable = [test for test, said in failures.items() if "'503 Service Unavailable'" in said]
        assert (done.returncode, len(failures)) == (1, 7), done.stdout + done.stderr
        assert (len(closed), len(unavailable)) == (4, 3)
        assert "KeyError: 'AGENT_SERVICE_TOKEN'" in (tmp_path / "service.log").read_text(encoding="utf-8")

    def test_an_unknown_fault_is_a_usage_error_that_names_those_there_are(self, tmp_path: Path) -> None:
        done = run("suite", "--out", str(tmp_path), "--faults", "ws-envy")
        assert done.returncode == 2
        assert "no fault is called 'ws-envy'; there are: ws-env," in done.stderr


class TestFaults:
    def test_every_fault_is_in_the_readme(self) -> None:
        listed = re.findall(r"^(\S{1,40}) ", run("faults").stdout, re.MULTILINE)
        readme = (STAGING / "README.md").read_text(encoding="utf-8")
        assert len(listed) == 11
        assert [f"| `{name}` |" in readme for name in listed] == [True] * 11

    def test_every_fault_has_a_day(self) -> None:
        on_days = {fault for day in (*DAYS, *TRACED_DAYS) for fault in provenance(day)["faults"]}
        assert on_days == set(re.findall(r"^(\S{1,40}) ", run("faults").stdout, re.MULTILINE))


class TestCommittedReports:
    def test_there_are_six_days(self) -> None:
        assert DAYS == [
            "day-1-green", "day-2-red", "day-3-red", "day-4-red", "day-5-green", "day-6-red",
        ]  # fmt: skip

    @pytest.mark.parametrize("day", [*DAYS, *TRACED_DAYS])
    def test_no_file_was_edited_since_it_was_made(self, day: str) -> None:
        made = provenance(day)["sha256"]
        assert {name: hashlib.sha256((folder(day) / name).read_bytes()).hexdigest() for name in FILES} == made

    @pytest.mark.parametrize("day", [*DAYS, *TRACED_DAYS])
    def test_every_red_test_has_a_cause_among_the_faults_of_its_day(self, day: str) -> None:
        truth = read(folder(day) / "truth.json")
        assert truth["faults"] == provenance(day)["faults"]
        assert truth["tests"].keys() == red(read(folder(day) / "report.json")).keys()
        for cause in truth["tests"].values():
            assert cause["fault"] in cause["breaks_alone"]
            assert set(cause["breaks_alone"]) <= set(truth["faults"])

    @pytest.mark.parametrize("day", [*RED, "day-8-red"])
    def test_every_fault_of_a_red_day_shows(self, day: str) -> None:
        truth = read(folder(day) / "truth.json")
        assert {cause["fault"] for cause in truth["tests"].values()} == set(truth["faults"])

    @pytest.mark.parametrize("day", [*DAYS, *TRACED_DAYS])
    def test_all_formats_tell_the_same(self, day: str) -> None:
        report = read(folder(day) / "report.json")
        suite = next(ET.parse(folder(day) / "junit.xml").iter("testsuite"))
        output = (folder(day) / "output.txt").read_text(encoding="utf-8")
        failed, errors = report["summary"].get("failed", 0), report["summary"].get("error", 0)
        assert (int(suite.get("failures", -1)), int(suite.get("errors", -1))) == (failed, errors)
        assert len(re.findall(r"^FAILED ", output, re.MULTILINE)) == failed
        assert len(re.findall(r"^ERROR tests", output, re.MULTILINE)) == errors
        assert report["exitcode"] == provenance(day)["exit_code"] == bool(failed + errors)

    def test_the_traced_days_say_which_functions_ran(self) -> None:
        for day in TRACED_DAYS:
            report = read(folder(day) / "report.json")
            assert any(
                name.startswith("staging.billing:discounts ") for name in report["triagebot"]["functions"]
            )

    def test_the_websocket_cause_goes_away_and_comes_back_broadest_of_its_day(self) -> None:
        counts = {
            day: [cause["fault"] for cause in read(REPORTS / day / "truth.json")["tests"].values()].count(
                "ws-env"
            )
            for day in DAYS
        }
        assert [count > 20 for count in counts.values()] == [False, True, True, False, False, True]

    @pytest.mark.parametrize("day", [*DAYS, *TRACED_DAYS])
    def test_what_the_websocket_fault_broke_was_closed_by_the_server(self, day: str) -> None:
        said = red(read(folder(day) / "report.json"))
        truth = read(folder(day) / "truth.json")["tests"]
        for test, cause in truth.items():
            assert ("ConnectionClosedError: received 1011" in said[test]) == (cause["fault"] == "ws-env")

    @pytest.mark.parametrize("file", [folder(day) / name for day in (*DAYS, *TRACED_DAYS) for name in FILES])
    def test_a_file_holds_no_token_and_no_path_but_a_runners(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        assert not re.findall(r"eyJ[\w-]{10,200}\.", text)
        assert not re.findall(r"(?:Bearer|SIGNING_KEY|SECRET)\W{1,4}[0-9a-f]{16,80}", text)
        assert not re.findall(r"/root/|/Users/|/mnt/", text)
        assert set(re.findall(r"/home/[\w-]{1,40}/[\w-]{1,40}", text)) <= {"/home/runner/work"}


class TestConfig:
    def test_every_test_of_the_suite_belongs_to_exactly_one_suite(self) -> None:
        config = load((EXAMPLES / "triagebot.toml").read_text(encoding="utf-8"), "triagebot.toml")
        for test in read(TRACED / "day-8-red/report.json")["tests"]:
            assert sum(suite.holds(test["nodeid"]) for suite in config.suites) == 1

    def test_the_golden_path_is_p1_with_its_money(self) -> None:
        config = load((EXAMPLES / "triagebot.toml").read_text(encoding="utf-8"), "triagebot.toml")
        urgent = [suite for suite in config.suites if suite.priority == "P1"]
        assert [suite.match.rpartition("/")[2] for suite in urgent] == [
            "test_1_websocket_events_staging.py",
            "test_10_critical_path_staging.py",
        ]
        assert {(suite.impact.amount, suite.impact.unit) for suite in urgent if suite.impact} == {
            (120000, "$ MRR")
        }
