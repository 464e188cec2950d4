"""The Action's own `run:` script under bash, as the runner starts it, against the double: real processes, real HTTP."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
RUN = ACTION["runs"]["steps"][-1]
INPUT = re.compile(r"\$\{\{ inputs\.([a-z0-9-]+) \}\}")
HOSTILE = "a'b\"c `id` $(touch pwned) \\ ; exit 9 #\n::error::forged\n"
LABEL = "triagebot"
PASSED = '<testcase classname="tests.test_pay" name="test_ok" time="0.1"/>'
FAILED = (
    '<testcase classname="tests.test_pay" name="test_pay" time="0.1"><failure message="E">{}'
    "tests/test_pay.py:3: in test_pay\nE   ImportError: cannot import name 'pay' from 'shop'</failure></testcase>"
)


class Runner:
    """A runner's job: a workspace, the files that the runner offers, and the Action's last step."""

    def __init__(self, folder: Path, github) -> None:
        self.github = github
        self.work = folder / "work"
        self.temp = folder / "temp"
        for place in (self.work, self.temp / "triagebot" / "bin"):
            place.mkdir(parents=True)
        python = self.temp / "triagebot/bin/python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        self.event: dict = {}

    def report(self, *cases: str, name: str = "report.xml") -> str:
        text = (
            f'<testsuites><testsuite name="s" tests="{len(cases)}">{"".join(cases)}</testsuite></testsuites>'
        )
        (self.work / name).write_text(text, encoding="utf-8")
        return name

    def run(self, number: int = 1, **inputs: str) -> subprocess.CompletedProcess[str]:
        defaults = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
        given = {**defaults, "github-token": "t0ken", **{n.replace("_", "-"): v for n, v in inputs.items()}}
        environ = {name: INPUT.sub(lambda m: given[m[1]], value) for name, value in RUN["env"].items()}
        for name in ("summary", "output"):
            (self.temp / name).write_text("")
        (self.temp / "event.json").write_text(json.dumps(self.event))
        environ |= {
            "PATH": os.environ["PATH"], "HOME": str(self.temp), "RUNNER_TEMP": str(self.temp), "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": str(number), "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": self.github.url, "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": "a" * 40, "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_OUTPUT": str(self.temp / "output"), "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
        }  # fmt: skip
        script = self.temp / "script.sh"
        script.write_text(RUN["run"])
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        return subprocess.run(
            command, cwd=self.work, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    @property
    def summary(self) -> str:
        return (self.temp / "summary").read_text("utf-8")

    @property
    def outputs(self) -> dict[str, str]:
        text = (self.temp / "output").read_text("utf-8")
        found = re.findall(
            r"^([a-z0-9-]+)<<(triagebot_[0-9a-f]{32})\n(.*?)\n\2$", text, re.MULTILINE | re.DOTALL
        )
        assert len({delimiter for _, delimiter, _ in found}) == 1
        return {name: value for name, _, value in found}


@pytest.fixture
def runner(tmp_path, github):
    return Runner(tmp_path, github)


def commands(log: str) -> list[str]:
    """The workflow commands that a runner would obey in this log."""
    obeyed, stopped = [], ""
    for line in log.splitlines():
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith(("::", "##[")):
            obeyed.append(line)
    return obeyed


def test_a_red_run_opens_an_issue_and_tells_the_runner(runner, github):
    done = runner.run(reports=runner.report(PASSED, FAILED.format("")), environment="staging")
    assert done.returncode == 0, done.stderr
    [issue] = github.world.issues.values()
    assert LABEL in issue.labels
    assert runner.outputs["conclusion"] == "new"
    assert runner.outputs["groups"] == runner.outputs["new"] == "1"
    [listed] = json.loads(runner.outputs["issues-json"])
    assert listed["url"] == "https://github.com/acme/shop/issues/1"
    assert "[#1](https://github.com/acme/shop/issues/1)" in runner.summary
    assert "requests" in runner.summary
    assert [line.split(" ")[0] for line in commands(done.stdout) if "title=" in line] == ["::error"]


def test_the_same_run_again_changes_nothing_and_the_next_one_updates(runner, github):
    report = runner.report(FAILED.format(""))
    runner.run(1, reports=report)
    writes = len(github.writes)
    assert runner.run(1, reports=report).returncode == 0
    assert [e.path for e in github.writes[writes:] if e.path != "/graphql"] == []
    runner.run(2, reports=report)
    assert list(github.world.issues) == [1]
    assert runner.outputs["conclusion"] == "known"


def test_dry_run_writes_nothing(runner, github):
    done = runner.run(reports=runner.report(FAILED.format("")), dry_run="true")
    assert done.returncode == 0, done.stderr
    assert github.world.issues == {}
    assert runner.outputs["conclusion"] == "new"
    assert "dry run" in runner.summary


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("environment", "branch", "commit", "revision", "run_id", "run_url", "plan_file"), 0),
        (("config",), 1),
    ],
)
def test_hostile_inputs_are_data_and_never_commands(runner, github, names, code):
    report = runner.report(FAILED.format(""))
    done = runner.run(reports=report, dry_run="true", **dict.fromkeys(names, HOSTILE))
    assert done.returncode == code, done.stderr
    assert not (runner.work / "pwned").exists()
    assert not [line for line in commands(done.stdout) if "forged" in line and "title=" not in line]


@pytest.mark.parametrize("mode", [HOSTILE, "--help"])
def test_a_hostile_mode_is_refused(runner, mode):
    done = runner.run(reports="r", mode=mode)
    assert done.returncode == 2
    assert not (runner.work / "pwned").exists()


def test_reports_with_hostile_names_are_files(runner, github):
    names = ["--dry-run.xml", "$(touch pwned).xml", "a'b\"c.xml", "with space.xml"]
    for name in names:
        runner.report(PASSED, name=name)
    done = runner.run(reports="\n".join(names), dry_run="true")
    assert done.returncode == 0, done.stderr
    assert runner.outputs["conclusion"] == "clean"
    assert not (runner.work / "pwned").exists()


def test_text_in_a_report_forges_no_command_output_or_mention(runner, github):
    evil = "::set-output name=x::1\n::error::forged\n##[error]forged\ntriagebot_0\nnew<<EOF\n9\nEOF\n@octocat fixes #1\n"
    done = runner.run(reports=runner.report(FAILED.format(evil)))
    assert done.returncode == 0, done.stderr
    assert not [line for line in commands(done.stdout) if "forged" in line or "set-output" in line]
    assert set(runner.outputs) == set(ACTION["outputs"])
    assert "@octocat" not in runner.summary
    assert "@octocat" not in github.world.issues[1].title


def test_the_causes_of_a_storm_lead_to_its_incident_and_ten_of_them_are_annotated(runner, github):
    parts = [
        FAILED.replace("'pay'", f"'pay_{name}'").replace('test_pay"', f'test_{name}"')
        for name in "abcdefghijklm"
    ]
    done = runner.run(reports=runner.report(PASSED, *(part.format("") for part in parts)))
    assert done.returncode == 0, done.stderr
    assert list(github.world.issues) == [1]
    assert "incident" in github.world.issues[1].labels
    listed = json.loads(runner.outputs["issues-json"])
    assert [one["number"] for one in listed] == [1] * 13
    assert runner.summary.count("[#1](") == 13
    assert len([line for line in commands(done.stdout) if "title=" in line]) == 10


def test_secrets_are_masked_first(runner, github):
    done = runner.run(
        reports=runner.report(PASSED), github_token="t0ken-long", anthropic_api_key="sk-ant-123456"
    )
    assert done.stdout.splitlines()[:2] == ["::add-mask::t0ken-long", "::add-mask::sk-ant-123456"]


def test_a_fork_gets_a_summary_and_no_issue(runner, github):
    head = {"repo": {"full_name": "mallory/shop"}}
    runner.event = {"repository": {"full_name": "acme/shop"}, "pull_request": {"head": head}}
    done = runner.run(reports=runner.report(FAILED.format("")))
    assert done.returncode == 0, done.stderr
    assert github.world.issues == {}
    assert runner.outputs["conclusion"] == "new"


@pytest.mark.parametrize(("choice", "code"), [("fail", 1), ("warn", 0)])
def test_no_report_is_an_outcome_of_its_own(runner, github, choice, code):
    (runner.work / "empty").mkdir()
    done = runner.run(reports="empty", if_no_reports=choice)
    assert done.returncode == code, done.stderr
    assert runner.outputs["conclusion"] == "no-reports"
    assert "No report" in runner.summary


def test_plan_in_one_job_and_apply_in_another(runner, github):
    report = runner.report(FAILED.format(""))
    github.world.actors["reader"] = type(github.world.actors["t0ken"])(
        permissions={"issues": "read", "contents": "read", "metadata": "read"}
    )
    done = runner.run(reports=report, mode="plan", plan_file="plan.json", github_token="reader")
    assert done.returncode == 0, done.stderr
    assert runner.outputs["plan"] == "plan.json"
    assert github.world.issues == {}
    approved = runner.outputs["plan-sha256"]
    assert approved == hashlib.sha256((runner.work / "plan.json").read_bytes()).hexdigest()
    assert approved in runner.summary
    done = runner.run(mode="apply", plan_file="plan.json", plan_sha256="0" * 64)
    assert done.returncode == 1
    assert "--plan-sha256" in done.stderr
    assert github.world.issues == {}
    done = runner.run(mode="apply", plan_file="plan.json", plan_sha256=approved)
    assert done.returncode == 0, done.stderr
    assert approved in runner.summary
    assert len(github.world.issues) == 1
    assert runner.outputs["new"] == "1"


def test_fail_on_fails_the_step_after_everything_was_written(runner, github):
    done = runner.run(reports=runner.report(FAILED.format("")), fail_on="new")
    assert done.returncode == 4
    assert len(github.world.issues) == 1


def test_an_outage_of_github_fails_the_step_with_words(runner, github):
    github.fault("html", "GET", "/issues", times=99)
    done = runner.run(reports=runner.report(FAILED.format("")))
    assert done.returncode == 1
    assert "something else than" in done.stderr
    assert github.world.issues == {}


def test_on_workflow_run_the_artifacts_of_the_tested_run_are_read_and_it_is_named(runner, github):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.write(runner.work / runner.report(FAILED.format("")), "report.xml")
    github.world.upload(5, "report-staging", archive.getvalue())
    runner.event = {
        "repository": {"full_name": "acme/shop"},
        "workflow_run": {
            "id": 5, "run_attempt": 1, "head_branch": "main", "head_sha": "b" * 40,
            "html_url": "https://github.com/acme/shop/actions/runs/5", "head_repository": {"full_name": "acme/shop"},
        },
    }  # fmt: skip
    done = runner.run(reports="artifacts:5/report-*")
    assert done.returncode == 0, done.stderr
    assert '"runs":["acme/shop/5/1"]' in github.world.issues[1].body
    assert "actions/runs/5" in github.world.issues[1].body


def test_sweep_tells_the_runner_what_it_closed(runner, github):
    done = runner.run(mode="sweep")
    assert done.returncode == 0, done.stderr
    assert runner.outputs["conclusion"] == "clean"
    assert runner.outputs["closed"] == "0"


def test_mode_board_writes_the_pages_and_nothing_to_github(runner, github):
    assert runner.run(reports=runner.report(FAILED.format(""))).returncode == 0
    writes = len([e for e in github.writes if e.path != "/graphql"])
    done = runner.run(mode="board", out="site")
    assert done.returncode == 0, done.stderr
    assert "1 open cause" in (runner.work / "site/index.html").read_text("utf-8")
    assert len([e for e in github.writes if e.path != "/graphql"]) == writes


def test_mode_board_needs_a_folder(runner):
    done = runner.run(mode="board")
    assert (done.returncode, "mode board needs out" in done.stderr) == (2, True)
