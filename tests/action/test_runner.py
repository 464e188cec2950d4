"""The Action's inputs become argv and nothing else, whatever strangers write into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.cli.runner import OPTIONS, argv_of
from triagebot.errors import UserError
from triagebot.pipeline.origin import Subject, subject_of

HOSTILE = [
    "$(touch pwned)",
    "`id`",
    "'; rm -rf / #",
    '"$HOME"',
    "--force",
    "-rf",
    "a\x1bb",
    "${{ secrets.X }}",
    "é\u202e",
    "%0A::error::x",
]
REPO = {"full_name": "acme/shop"}


def argv(seen=None, **inputs):
    environ = {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    return argv_of(environ, seen or Subject())


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"reports": "r.json"}, ["triage", "--", "r.json"]),
        ({"reports": " a.json \n\n b/ \n"}, ["triage", "--", "a.json", "b/"]),
        ({"reports": "-", "mode": "plan"}, ["plan", "--", "-"]),
        ({"reports": "r", "mode": "plan", "plan_file": "p.json"}, ["plan", "--plan-file=p.json", "--", "r"]),
        ({"reports": "r", "dry_run": "true"}, ["triage", "--dry-run", "--", "r"]),
        ({"reports": "r", "max_new_issues": "0"}, ["triage", "--max-new-issues=0", "--", "r"]),
        (
            {"mode": "apply", "plan_file": "p.json", "draft": "auto", "reports": "r"},
            ["apply", "--", "p.json"],
        ),
        ({"mode": "apply", "plan_file": "--force"}, ["apply", "--", "--force"]),
        (
            {"mode": "sweep", "environment": "staging", "config": "c.toml", "reports": "r"},
            ["sweep", "--config=c.toml"],
        ),
    ],
)
def test_inputs_become_options(inputs, expected):
    assert argv(**inputs) == expected


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", [name for name in OPTIONS if "triage" in OPTIONS[name]])
def test_a_hostile_value_stays_one_argument_behind_its_option(name, text):
    made = argv(reports="r", **{name.replace("-", "_"): text})
    assert made == ["triage", f"--{name}={text}", "--", "r"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_reports_stand_behind_two_dashes_whatever_they_hold(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines:
        assert argv(reports=text) == ["triage", "--", *lines]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "needs reports"),
        ({"reports": " \n "}, "needs reports"),
        ({"mode": "rm", "reports": "r"}, "must be one of"),
        ({"mode": "apply"}, "needs plan-file"),
        ({"reports": "r", "dry_run": "yes"}, "true or false"),
        ({"mode": "apply", "plan_file": "p", "dry_run": "true"}, "only writes"),
        ({"mode": "sweep", "dry_run": "true"}, "only writes"),
    ],
)
def test_inputs_that_make_no_sense_are_told_to_the_user(inputs, words):
    with pytest.raises(UserError, match=words):
        argv(**inputs)


def workflow_run(home="acme/shop", **more):
    run = {"id": 5, "run_attempt": 2, "head_branch": "main", "head_sha": "a" * 40, "html_url": "https://x/5"}
    head = {"full_name": home} if home else None
    return {"repository": REPO, "workflow_run": {**run, "head_repository": head, **more}}


def test_on_workflow_run_the_tested_run_comes_from_the_event():
    seen = subject_of(workflow_run(head_branch="$(id)"))
    assert seen == Subject("acme/shop/5/2", "https://x/5", "$(id)", "a" * 40, fork=False)
    assert argv(seen, reports="r")[1:5] == [
        "--run-id=acme/shop/5/2",
        "--run-url=https://x/5",
        "--branch=$(id)",
        "--commit=" + "a" * 40,
    ]


def test_inputs_win_over_the_event():
    assert "--branch=main" in argv(subject_of(workflow_run(head_branch="other")), reports="r", branch="main")


PULL = {"repository": REPO, "pull_request": {"head": {"repo": {"full_name": "mallory/shop"}}}}
DELETED = {"repository": REPO, "pull_request": {"head": {"repo": None}}}
OWN = {"repository": REPO, "pull_request": {"head": {"repo": REPO}}}


@pytest.mark.parametrize(
    ("event", "fork"),
    [
        (workflow_run(), False),
        (workflow_run("Acme/Shop"), False),
        (workflow_run("mallory/shop"), True),
        (workflow_run(None), True),
        (PULL, True),
        (DELETED, True),
        (OWN, False),
        ({"repository": REPO}, False),
        ({}, False),
        ({"workflow_run": "nonsense", "pull_request": 7}, True),
        ({"repository": REPO, "pull_request": 7}, True),
        ({"pull_request": {"head": {"repo": None}}}, True),
    ],
)
def test_code_from_a_fork_is_known_by_its_repository(event, fork):
    assert subject_of(event).fork is fork


def test_code_from_a_fork_gets_a_summary_only_no_issue_and_no_model():
    made = argv(Subject(fork=True), reports="r", draft="claude")
    assert made[-4:] == ["--dry-run", "--draft=digest", "--", "r"]


@pytest.mark.parametrize("mode", ["apply", "sweep"])
def test_code_from_a_fork_writes_nothing(mode):
    with pytest.raises(UserError, match="fork"):
        argv(Subject(fork=True), mode=mode, plan_file="p.json")
