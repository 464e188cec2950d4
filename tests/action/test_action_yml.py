"""action.yml and the workflows as the runner reads them: every input reaches the program, nothing reaches a shell."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from triagebot.cli import VERBS, app
from triagebot.cli.runner import MODES, OPTIONS

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
ISSUE_CONFIG = ROOT / ".github/ISSUE_TEMPLATE/config.yml"
ISSUE_FORMS = sorted(set(ISSUE_CONFIG.parent.glob("*.yml")) - {ISSUE_CONFIG})
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml")) + sorted(
    (ROOT / "examples/workflows").glob("*.yml")
)
STEPS = ACTION["runs"]["steps"]
RUN = STEPS[-1]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
SECRET_ENV = {"github-token": "GITHUB_TOKEN", "anthropic-api-key": "ANTHROPIC_API_KEY"}
ELSEWHERE = {"mode", "reports", "dry-run", "plan-file"}
OUTPUTS = {
    "gates",
    "plan",
    "plan-sha256",
    "groups",
    "new",
    "known",
    "regressed",
    "closed",
    "issues-json",
    "conclusion",
}


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_every_input_is_mapped_through_the_environment(name):
    variable = SECRET_ENV.get(name, f"INPUT_{name.upper().replace('-', '_')}")
    assert RUN["env"][variable] == f"${{{{ inputs.{name} }}}}"


def test_nothing_is_mapped_that_is_no_input():
    assert len(RUN["env"]) == len(ACTION["inputs"])


@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - set(SECRET_ENV) - ELSEWHERE))
def test_every_input_is_an_option_of_the_verbs_that_are_said_to_know_it(name):
    for mode in OPTIONS[name]:
        if mode not in VERBS:
            pytest.fail(f"there is no verb {mode}")
        command = app.get_command(click.Context(app), mode)
        assert f"--{name}" in {option for param in command.params for option in param.opts}, mode


@pytest.mark.parametrize(
    ("name", "modes"), [("dry-run", ("triage", "sweep")), ("plan-file", ("plan", "apply"))]
)
def test_inputs_that_the_runner_hands_on_in_its_own_way_are_options_too(name, modes):
    assert name in ACTION["inputs"]
    for mode in modes:
        command = app.get_command(click.Context(app), mode)
        assert f"--{name}" in {option for param in command.params for option in param.opts}, mode


def test_the_modes_are_verbs():
    assert set(MODES) <= set(VERBS)


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_every_input_is_documented(name):
    assert ACTION["inputs"][name]["description"].endswith(".")
    table = (ROOT / "README.md").read_text("utf-8").partition("Action inputs")[2]
    assert f"| `{name}` |" in table


def test_the_outputs_are_those_that_the_program_writes():
    assert set(ACTION["outputs"]) == OUTPUTS
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


def test_no_expression_stands_inside_a_script():
    for path in [ROOT / "action.yml", *WORKFLOWS]:
        for script in scripts(yaml.safe_load(path.read_text("utf-8"))):
            assert not EXPRESSION.search(script), path


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_no_permissions_but_those_that_a_job_names(path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {}
    assert all("permissions" in job and "timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_example_workflows_lose_no_report_and_misspell_no_input(path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["concurrency"]["queue"] == "max"
    for step in steps(workflow):
        if "triagebot@" in step.get("uses", ""):
            assert set(step["with"]) <= set(ACTION["inputs"])


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_in_every_job_that_triages_the_config_is_there_and_no_credentials_stay(path):
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        used = [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        if used == ["actions/deploy-pages"]:
            continue
        assert used.index("actions/checkout") < used.index("OWNER/triagebot")
        [checkout] = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
        assert checkout["with"]["persist-credentials"] is False
        assert "ref" not in checkout["with"], "what strangers chose is never checked out"


def test_the_self_test_misspells_no_input():
    workflow = yaml.safe_load((ROOT / ".github/workflows/self-test.yml").read_text("utf-8"))
    [step] = [step for step in steps(workflow) if step.get("uses") == "./"]
    assert set(step["with"]) <= set(ACTION["inputs"])


def test_in_the_hardened_set_up_no_job_has_both_the_key_and_the_right_to_write():
    workflow = yaml.safe_load((ROOT / "examples/workflows/plan-approve-apply.yml").read_text("utf-8"))
    for job in workflow["jobs"].values():
        key = any("anthropic-api-key" in step.get("with", {}) for step in job["steps"])
        assert not (key and "write" in job["permissions"].values())


def test_in_the_hardened_set_up_the_plan_that_was_made_is_the_plan_that_is_applied():
    workflow = yaml.safe_load((ROOT / "examples/workflows/plan-approve-apply.yml").read_text("utf-8"))
    made, applied = workflow["jobs"]["plan"], workflow["jobs"]["apply"]
    assert made["outputs"]["plan-sha256"] == "${{ steps.plan.outputs.plan-sha256 }}"
    assert applied["needs"] == "plan"
    [step] = [s for s in applied["steps"] if s.get("with", {}).get("mode") == "apply"]
    assert step["with"]["plan-sha256"] == "${{ needs.plan.outputs.plan-sha256 }}"


@pytest.mark.parametrize(
    "command",
    [
        ["zizmor", "--offline", "--persona", "auditor", "--no-progress", "action.yml", *map(str, WORKFLOWS)],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS)],
        ["check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"],
        ["check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", *map(str, ISSUE_FORMS)],
        ["check-jsonschema", "--builtin-schema", "vendor.github-issue-config", str(ISSUE_CONFIG)],
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_linters_find_nothing(command):
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def scripts(node):
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "run" and isinstance(value, str))
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from scripts(value)


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]
