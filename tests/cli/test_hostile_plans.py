"""Plans that somebody edited by hand: every step and field, on both trackers. What is not ours stays as it was."""

import copy
import hashlib
import io
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.github import BOT, Clock, GitHub
from triagebot.cli import run
from triagebot.cli.process import Process
from triagebot.issues import read_marker, section_hash, write_marker
from triagebot.issues.model import Marker
from triagebot.trackers import Edit
from triagebot.trackers.local import LocalTracker

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import ENVIRON, case  # noqa: E402 - only what is imported after the line above explains its asserts

ONCE = "4e" * 32
TOKEN = "ghp_" + "Zx81Kq0Lm4Vb7Nc2Rt5Wy9Ud3Fg6Hj1PsQe8"


class Home:
    """A tracker with an issue of ours (1), one of a person (2), one more of ours (3), and a plan that edits the first."""

    def __init__(self, folder):
        self.folder, self.clock, self.xml = folder, getattr(self, "clock", Clock()), str(folder / "r.xml")
        self.report("a")
        assert self.command("triage", "--run-id=run-1", self.xml) == 0, self.said
        self.by_a_person("My words", "octocat saw this, and wrote it down")
        self.report("b")
        assert self.command("triage", "--run-id=run-0", self.xml) == 0, self.said
        self.clock.now += timedelta(days=1)
        self.report("a", "c")
        assert self.command("plan", "--run-id=run-2", "-o", "plan.json", self.xml) == 0, self.said
        self.plan = json.loads((folder / "plan.json").read_text("utf-8"))
        self.open, self.edit = self.plan["changes"]
        self.before = self.state()

    def report(self, *red):
        at = self.clock.now.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        cases = "".join(case(name, "red") for name in red)
        head = f'<testsuites><testsuite name="s" tests="{len(red)}" timestamp="{at}">'
        Path(self.xml).write_text(f"{head}{cases}</testsuite></testsuites>")

    def command(self, *argv):
        out, err = io.StringIO(), io.StringIO()
        process = Process(self.environ(), self.clock, self.folder, io.BytesIO(), out, err, self.clock.sleep)
        code = run([*argv], process)
        self.said = out.getvalue() + err.getvalue()
        return code

    def apply(self, *changes, **more):
        text = json.dumps({**self.plan, "changes": changes, **more})
        (self.folder / "plan.json").write_text(text, "utf-8")
        return self.command("apply", "plan.json")

    def expects(self, number):
        state, body = self.issue(number)
        return {"state": state, "section_sha256": section_hash(body)}

    def to(self, number, action="edit", **fields):
        """A change that is made for an issue as it stands, whoever opened it."""
        return {"action": action, "key": self.key(number), "issue": number, "once": ONCE,
                "expects": self.expects(number), **fields}  # fmt: skip

    def key(self, number):
        marker = read_marker(self.issue(number)[1])
        return marker.key if isinstance(marker, Marker) else self.edit["key"]

    def section(self, number, text="what broke", **changes):
        """A section of our shape for an issue, with a marker that remembers what it should and what is changed."""
        held = read_marker(self.issue(number)[1])
        marker = held if isinstance(held, Marker) else Marker(self.key(number), 1)
        marker = replace(marker, once=(ONCE,), **changes)
        return f"{write_marker(marker)}\n<!-- triagebot:begin -->\n{text}\n<!-- triagebot:end -->"


class OnGitHub(Home):
    def __init__(self, folder, github):
        self.github, self.clock = github, github.world.clock
        super().__init__(folder)

    def environ(self):
        return {**ENVIRON, "GITHUB_API_URL": self.github.url}

    def by_a_person(self, title, body):
        self.github.world.open(title, body, "octocat", ("security",))

    def issue(self, number):
        issue = self.github.world.issues[number]
        return issue.state, issue.body

    def label(self, number, name):
        self.github.world.add_labels(self.github.world.issues[number], [name], "octocat")

    def close(self, number, reason):
        self.github.world.close(number, "octocat", reason)

    def state(self):
        return {
            i.number: (i.title, i.body, i.state, i.state_reason, tuple(i.labels), len(i.comments))
            for i in self.github.world.issues.values()
        }


class Locally(Home):
    def environ(self):
        return {}

    @property
    def tracker(self):
        return LocalTracker(self.folder / ".triagebot/triagebot.db", self.clock)

    def by_a_person(self, title, body):
        self.tracker.create(title, body, ("security",), "0" * 64)

    def issue(self, number):
        issue = self.tracker.read(number)
        return issue.state, issue.body

    def label(self, number, name):
        self.tracker.update(number, Edit(add=(name,)))

    def close(self, number, reason):
        self.tracker.close(number, reason)

    def state(self):
        return {
            i.number: (
                i.title,
                i.body,
                i.state,
                i.state_reason,
                i.labels,
                len(self.tracker.issue_comments(i.number)),
            )
            for i in self.tracker.issues()
        }


@pytest.fixture(scope="module")
def locally(tmp_path_factory):
    return Locally(tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def on_github(tmp_path_factory):
    with GitHub() as github:
        return OnGitHub(tmp_path_factory.mktemp("github"), github)


@pytest.fixture(params=["locally", "on_github"])
def home(request, tmp_path, github):
    """A tracker of this test's own, copied from one that was filled once."""
    made = copy.copy(request.getfixturevalue(request.param))
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    made.folder, made.xml = tmp_path, str(tmp_path / "r.xml")
    if request.param == "on_github":
        github.world = copy.deepcopy(made.github.world)
        made.github, made.clock = github, github.world.clock
    return made


def said_once(once, text):
    return f"<!-- triagebot-once {once} -->\n{text}"


THEIRS = {
    "close": lambda h: h.to(2, "close", section=h.section(2), state_reason="completed"),
    "close as not planned": lambda h: h.to(2, "close", section=h.section(2), state_reason="not_planned"),
    "close as duplicate": lambda h: h.to(
        2, "close", section=h.section(2), state_reason="duplicate", duplicate_of=1
    ),
    "edit": lambda h: h.to(2, section=h.section(2)),
    "title": lambda h: h.to(2, section=h.section(2), title="pwned"),
    "comment": lambda h: h.to(2, "comment", body=said_once(ONCE, "pwned")),
    "add a label": lambda h: h.to(2, "label", add=["P1"]),
    "take a label off": lambda h: h.to(2, "label", remove=["security"]),
    "edit with labels": lambda h: h.to(2, section=h.section(2), add=["triagebot"], remove=["security"]),
}


@pytest.mark.parametrize("what", THEIRS)
def test_nothing_is_written_to_an_issue_of_a_person(home, what):
    assert home.apply(THEIRS[what](home)) == 1
    assert "refused: issue 2 is not triagebot's" in " ".join(home.said.split())
    assert home.state() == home.before


def test_nothing_is_reopened_that_a_person_opened(home):
    home.close(2, "completed")
    before = home.state()
    assert home.apply(home.to(2, "reopen", section=home.section(2))) == 1
    assert "not triagebot's" in home.said
    assert home.state() == before


BROKEN = {
    "another cause's key": lambda h: h.to(1, section=h.section(1, key=h.key(3))),
    "another cause's change": lambda h: {**h.to(1, section=h.section(1)), "key": h.key(3)},
    "text before the marker": lambda h: h.to(1, section="pwned\n" + h.section(1)),
    "text behind the end mark": lambda h: h.to(1, section=h.section(1) + "\npwned"),
    "text between marker and begin mark": lambda h: h.to(
        1, section=h.section(1).replace("\n<!-- triagebot:begin", "\npwned\n<!-- triagebot:begin")
    ),
    "two markers": lambda h: h.to(1, section=h.section(1, h.section(3).split("\n")[0])),
    "two sections": lambda h: h.to(1, section=h.section(1, h.section(1))),
    "no marks": lambda h: h.to(1, section="pwned"),
    "an empty section": lambda h: h.to(1, section=""),
    "no marker": lambda h: h.to(1, section=h.section(1).partition("\n")[2]),
    "a marker of a newer version": lambda h: h.to(1, section=h.section(1, v=9)),
    "a marker that forgets the once-key": lambda h: {**h.to(1, section=h.section(1)), "once": "5f" * 32},
    "a secret in the section": lambda h: h.to(1, section=h.section(1, f"token={TOKEN}")),
    "a secret in the title": lambda h: h.to(1, section=h.section(1), title=f"token={TOKEN}"),
    "a secret in a comment": lambda h: h.to(1, "comment", body=said_once(ONCE, f"token={TOKEN}")),
    "a title of two lines": lambda h: h.to(1, section=h.section(1), title="a\nb"),
    "a title with an escape": lambda h: h.to(1, section=h.section(1), title="a\x1b[31m"),
    "an empty title": lambda h: h.to(1, section=h.section(1), title=" "),
    "a long title": lambda h: h.to(1, section=h.section(1), title="x" * 300),
    "a long section": lambda h: h.to(1, section=h.section(1, "x" * 70_000)),
    "a comment without a once-key": lambda h: h.to(1, "comment", body="pwned"),
    "a comment with another once-key": lambda h: h.to(1, "comment", body=said_once("5f" * 32, "pwned")),
    "a comment with a marker": lambda h: h.to(
        1, "comment", body=said_once(ONCE, h.section(3).split("\n")[0])
    ),
    "a person's label taken off": lambda h: h.to(1, "label", remove=["mine"]),
    "a person's label taken off by an edit": lambda h: h.to(1, section=h.section(1), remove=["mine"]),
    "our own label taken off": lambda h: h.to(1, "label", remove=["triagebot"]),
    "a label of nobody": lambda h: h.to(1, "label", add=["approved"]),
    "a label that people set": lambda h: h.to(1, "label", add=["muted"]),
    "a label of nobody with an edit": lambda h: h.to(1, section=h.section(1), add=["approved"]),
    "a marker that claims a person's label": lambda h: h.to(
        1, section=h.section(1, labels=("triagebot", "mine"))
    ),
    "closed as not planned": lambda h: h.to(1, "close", section=h.section(1), state_reason="not_planned"),
    "a duplicate of nothing": lambda h: h.to(1, "close", section=h.section(1), state_reason="duplicate"),
    "a duplicate of itself": lambda h: h.to(
        1, "close", section=h.section(1), state_reason="duplicate", duplicate_of=1
    ),
    "a duplicate of a person's issue": lambda h: h.to(
        1, "close", section=h.section(1), state_reason="duplicate", duplicate_of=2
    ),
    "a duplicate of another cause": lambda h: h.to(
        1, "close", section=h.section(1), state_reason="duplicate", duplicate_of=3
    ),
    "a completed duplicate": lambda h: h.to(
        1, "close", section=h.section(1), state_reason="completed", duplicate_of=3
    ),
    "an issue opened without our label": lambda h: {**h.open, "labels": ["P3"]},
    "an issue opened with a label of nobody": lambda h: {**h.open, "labels": [*h.open["labels"], "approved"]},
    "an issue opened for another key": lambda h: {**h.open, "key": "x-aaaaaaaaaaaa"},
    "an issue opened that expects another key": lambda h: {**h.open, "expects": {"key": "x-aaaaaaaaaaaa"}},
    "an issue opened with a secret": lambda h: {
        **h.open,
        "section": h.open["section"].replace("\n<!-- triagebot:end", f"\ntoken={TOKEN}\n<!-- triagebot:end"),
    },
    "an issue opened with a broken section": lambda h: {**h.open, "section": "pwned"},
    "an issue opened with an empty title": lambda h: {**h.open, "title": ""},
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_change_that_triagebot_would_not_make_is_refused_with_the_reason(home, what):
    home.label(1, "mine")
    before = home.state()
    assert home.apply(BROKEN[what](home)) == 1
    assert "refused: " in home.said or "characters and" in home.said, home.said
    assert home.state() == before
    assert TOKEN not in home.said


NO_PLAN = {
    "a pin": lambda h: h.to(1, "pin"),
    "a deletion": lambda h: h.to(1, "delete"),
    "a field of another action": lambda h: h.to(1, section=h.section(1), state_reason="completed"),
    "an unknown field": lambda h: h.to(1, section=h.section(1), assignees=["octocat"]),
    "a number that is none": lambda h: {**h.to(1, section=h.section(1)), "issue": "1"},
    "a number below all": lambda h: {**h.to(1, section=h.section(1)), "issue": 0},
    "an expectation of nothing": lambda h: {**h.to(1, section=h.section(1)), "expects": {"key": "x"}},
    "a state that there is not": lambda h: {
        **h.to(1, section=h.section(1)),
        "expects": {**h.expects(1), "state": "locked"},
    },
    "a once-key that is none": lambda h: {**h.to(1, section=h.section(1)), "once": "x"},
    "no section": lambda h: h.to(1),
    "labels that are a word": lambda h: h.to(1, "label", add="P1"),
}


@pytest.mark.parametrize("what", NO_PLAN)
def test_a_file_that_is_no_plan_is_refused_in_one_line(home, what):
    assert home.apply(NO_PLAN[what](home)) == 1
    assert "plan.json: not a plan" in " ".join(home.said.split())
    assert home.state() == home.before


@pytest.mark.parametrize("number", [99, 2**63, 10**30])
def test_a_number_that_no_issue_has_is_said_to_be_gone(home, number):
    assert home.apply({**home.to(1, section=home.section(1)), "issue": number}) == 1
    assert "is gone" in home.said
    assert home.state() == home.before


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_what_people_decided_not_to_do_is_not_reopened(home, reason):
    home.close(1, reason)
    before = home.state()
    assert home.apply(home.to(1, "reopen", section=home.section(1))) == 1
    assert "stays closed" in home.said
    assert home.state() == before


def test_what_people_muted_is_not_reopened(home):
    home.close(1, "completed")
    home.label(1, "muted")
    before = home.state()
    assert home.apply(home.to(1, "reopen", section=home.section(1))) == 1
    assert home.state() == before


def test_an_edit_changes_nothing_around_the_section_and_no_title_of_a_person(home):
    assert home.apply(*home.plan["changes"]) == 0, home.said
    assert len(home.state()) == 4
    assert home.state()[2] == home.before[2]
    assert home.apply(*home.plan["changes"]) == 0, "applied once"
    assert len(home.state()) == 4


def opens(home, number):
    """The plan's open, again and again under keys of its own."""
    for n in range(number):
        change = copy.deepcopy(home.open)
        key, once = f"import-{n:012d}", hashlib.sha256(str(n).encode()).hexdigest()
        text = change["section"].replace(change["key"], key).replace(change["once"], once)
        yield {**change, "key": key, "once": once, "section": text, "expects": {"key": key}}


def test_a_plan_opens_no_more_than_the_cap_allows(home):
    (home.folder / "cap.toml").write_text("[limits]\nmax_new_issues = 3\n")
    (home.folder / "plan.json").write_text(json.dumps({**home.plan, "changes": [*opens(home, 5)]}))
    assert home.command("apply", "plan.json", "--config=cap.toml") == 1
    assert "over the cap" in home.said
    assert len(home.state()) == 3 + 3
    assert home.command("apply", "plan.json", "--config=cap.toml") == 1
    assert len(home.state()) == 3 + 3, "what this run opened counts"
    assert home.command("apply", "plan.json", "--config=cap.toml", "--max-new-issues=4") == 1
    assert len(home.state()) == 3 + 4


def test_a_plan_whose_breaker_was_taken_out_opens_nothing(home):
    assert home.apply(*opens(home, 51), blocked="") == 1
    assert home.state() == home.before
    assert "breaker" in home.said


def test_only_the_plan_that_was_approved_is_carried_out(home):
    assert home.command("plan", "--run-id=run-2", "-o", "plan.json", home.xml) == 0
    data = (home.folder / "plan.json").read_bytes()
    approved = hashlib.sha256(data).hexdigest()
    assert approved in home.said
    (home.folder / "plan.json").write_bytes(data + b"\n")
    for digest in (approved, approved.upper(), "", "0", approved[:12]):
        assert home.command("apply", "plan.json", f"--plan-sha256={digest}") == 1
        assert home.said.count("not the plan that --plan-sha256 names") == 1
        assert home.state() == home.before
    (home.folder / "plan.json").write_bytes(data)
    assert home.command("apply", "plan.json", f"--plan-sha256= {approved.upper()}\n") == 0, home.said
    assert len(home.state()) == 4


def test_an_issue_of_a_person_that_the_config_adopts_is_written_to(home):
    (home.folder / "adopts.toml").write_text(f'[[aliases]]\nkey = "{home.open["key"]}"\nissue = 2\n')
    given = "--config=adopts.toml", "--run-id=run-2", home.xml
    assert home.command("plan", *given, "-o", "plan.json") == 0
    assert home.command("apply", "--config=adopts.toml", "plan.json") == 0, home.said
    assert len(home.state()) == 3
    assert "octocat saw this, and wrote it down" in home.state()[2][1]
    assert "security" in home.state()[2][4]


@pytest.mark.parametrize("home", ["on_github"], indirect=True)
def test_a_marker_of_another_login_makes_an_issue_none_of_ours(home, github):
    forged = github.world.open("forged", home.section(1), "mallory", ("triagebot",))
    before = home.state()
    assert home.apply(home.to(forged.number, section=home.section(1, "pwned"))) == 1
    assert "mallory opened it" in home.said
    assert home.state() == before
    assert github.world.issues[1].user == BOT
