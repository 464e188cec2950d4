"""Whose code was tested decides whether a run files anything, whatever event started us: events, origins, verbs."""

import io
import json
import zipfile
from itertools import product

import pytest

from tests.doubles.github.world import WorkflowRun
from triagebot.cli import run
from triagebot.cli.process import Process

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import ENVIRON, case  # noqa: E402 - only what is imported after the line above explains its asserts

HOME = {"full_name": "acme/shop"}
REPORT = f'<testsuites><testsuite name="s" tests="1">{case("a", "red")}</testsuite></testsuites>'
RUNS = {"own": "acme/shop", "fork": "mallory/shop", "deleted": None}


def workflow_run(head):
    return {"repository": HOME, "workflow_run": {"id": 5, "head_branch": "main", "head_repository": head}}


def pull(head):
    return {"repository": HOME, "pull_request": {"head": {"repo": head}}}


OURS, THEIRS = HOME, {"full_name": "mallory/shop"}
EVENTS = {
    "push": ("push", {"repository": HOME}, "own"),
    "a timer": ("schedule", {"repository": HOME}, "own"),
    "a person": ("workflow_dispatch", {"repository": HOME, "inputs": {"run": "5"}}, "own"),
    "a program": ("repository_dispatch", {"repository": HOME, "client_payload": {}}, "own"),
    "a queue of merges": ("merge_group", {"repository": HOME, "merge_group": {}}, "own"),
    "our own run": ("workflow_run", workflow_run(OURS), "own"),
    "a fork's run": ("workflow_run", workflow_run(THEIRS), "fork"),
    "a deleted fork's run": ("workflow_run", workflow_run(None), "fork"),
    "a run that is not told": ("workflow_run", {"repository": HOME}, "fork"),
    "a run of nonsense": ("workflow_run", {"repository": HOME, "workflow_run": "x"}, "fork"),
    "a run without a home": ("workflow_run", {"workflow_run": {"id": 5}}, "fork"),
    "our own pull request": ("pull_request", pull(OURS), "own"),
    "a fork's pull request": ("pull_request", pull(THEIRS), "fork"),
    "a fork's pull request with rights": ("pull_request_target", pull(THEIRS), "fork"),
    "a deleted fork's pull request": ("pull_request_target", pull(None), "fork"),
    "a pull request that is not told": ("pull_request_target", {"repository": HOME}, "fork"),
    "a review of a fork": ("pull_request_review", pull(THEIRS), "fork"),
    "a comment on a pull request": ("issue_comment", {"repository": HOME, "issue": {"pull_request": {}}}, "unknown"),
    "a comment": ("issue_comment", {"repository": HOME, "issue": {"number": 1}}, "unknown"),
    "an issue": ("issues", {"repository": HOME, "issue": {"number": 1}}, "unknown"),
    "a check": ("check_run", {"repository": HOME, "check_run": {}}, "unknown"),
    "an event of the future": ("invented", {"repository": HOME}, "unknown"),
    "an event without a payload": ("discussion", {}, "unknown"),
    "no event": ("", {}, "own"),
}  # fmt: skip
SOURCES = {
    "a file": (["r.xml"], "own"),
    "artifacts of our run": (["artifacts:5"], "known"),
    "artifacts of a fork": (["artifacts:6"], "fork"),
    "artifacts of both": (["artifacts:5", "artifacts:6"], "fork"),
    "a file and artifacts of a fork": (["r.xml", "artifacts:6"], "fork"),
}


def files(event, source):
    """Whether such a run files: certain strangers never, unknown ones only where all comes from a run of ours."""
    return (event, source) in {("own", "own"), ("own", "known"), ("unknown", "known")}


class Runner:
    def __init__(self, folder, github):
        self.folder, self.github = folder, github
        (folder / "r.xml").write_text(REPORT)
        for number, head in ((5, "own"), (6, "fork"), (7, "deleted")):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as file:
                file.write(folder / "r.xml", "report.xml")
            github.world.runs[number] = WorkflowRun(number, head_repository=RUNS[head])
            github.world.upload(number, "report", out.getvalue())

    def command(self, name, payload, *argv):
        (self.folder / "event.json").write_text(json.dumps(payload))
        environ = {**ENVIRON, "GITHUB_API_URL": self.github.url, "GITHUB_EVENT_NAME": name, "GITHUB_RUN_ID": "9",
                   "GITHUB_REF_NAME": "main", "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                   "ANTHROPIC_API_KEY": "a-key-that-nothing-may-use"}  # fmt: skip
        out, err = io.StringIO(), io.StringIO()
        clock = self.github.world.clock
        code = run([*argv], Process(environ, clock, self.folder, io.BytesIO(), out, err, clock.sleep))
        self.out, self.said = out.getvalue(), " ".join(err.getvalue().split())
        return code

    def reports(self, source):
        return [str(self.folder / r) if r == "r.xml" else r for r in SOURCES[source][0]]

    @property
    def written(self):
        return [e.path for e in self.github.writes if e.path != "/graphql"]


@pytest.fixture
def runner(tmp_path, github):
    return Runner(tmp_path, github)


@pytest.mark.parametrize(("event", "source"), [*product(EVENTS, SOURCES)])
def test_what_strangers_may_have_written_is_a_summary_only(runner, github, event, source):
    name, payload, origin = EVENTS[event]
    filing = files(origin, SOURCES[source][1])
    more = ["--draft=digest"] if filing else []  # else no model may be asked, though there is a key
    given = ["triage", "--json", "--branch=main", "--history=branch:memory", *more, *runner.reports(source)]
    assert runner.command(name, payload, *given) == 0, runner.said
    assert len(github.world.issues) == filing
    plan = json.loads(runner.out)
    if not filing:
        assert runner.written == []
        assert github.world.refs == {}, "a run of strangers is no history"
        assert plan["changes"] == []
        assert "summary only" in plan["held"][0]["reason"]


def test_a_fork_that_was_deleted_since_is_a_fork(runner, github):
    github.validate = False  # the description does not know that GitHub tells null then, as its events do
    assert runner.command("schedule", {}, "triage", "--branch=main", "artifacts:7") == 0
    assert runner.written == []


@pytest.mark.parametrize("event", ["a person", "a timer", "a program", "a comment", "a fork's pull request"])
def test_a_plan_for_a_forks_run_has_nothing_that_apply_could_file_later(runner, github, event):
    name, payload, _ = EVENTS[event]
    assert runner.command(name, payload, "plan", "-o", "plan.json", "--branch=main", "artifacts:6") == 0
    assert json.loads((runner.folder / "plan.json").read_text("utf-8"))["changes"] == []
    assert runner.command("workflow_dispatch", {}, "apply", "plan.json") == 0
    assert runner.written == []


def test_who_cannot_say_whose_run_it_was_files_nothing(runner, github):
    github.fault("html", "GET", "/actions/runs/6", times=99)
    assert runner.command("schedule", {}, "triage", "--branch=main", "artifacts:6") == 1
    assert "GitHub's answer to /actions/runs/6 is not JSON" in runner.said
    assert runner.written == []


def test_an_event_that_cannot_be_read_is_told_and_files_nothing(runner, github):
    (runner.folder / "event.json").write_text("{")
    before = runner.folder / "cut.json"
    before.write_text("{")
    environ = {**ENVIRON, "GITHUB_API_URL": github.url, "GITHUB_EVENT_NAME": "push"}
    out, err = io.StringIO(), io.StringIO()
    world = {**environ, "GITHUB_EVENT_PATH": str(before)}
    clock = github.world.clock
    process = Process(world, clock, runner.folder, io.BytesIO(), out, err, clock.sleep)
    assert run(["triage", *runner.reports("a file")], process) == 1
    assert "GITHUB_EVENT_PATH" in err.getvalue()
    assert runner.written == []


def test_the_draft_of_a_forks_run_asks_no_model(runner):
    name, payload, _ = EVENTS["a person"]
    assert runner.command(name, payload, "draft", "--json", "--key", "i", "artifacts:6") == 0, runner.said
    assert json.loads(runner.out)["by"] == "digest"
