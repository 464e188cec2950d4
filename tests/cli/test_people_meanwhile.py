"""People who write at the same moment as the bot: at every request of a run, nothing of theirs is lost without a trace."""

import io
from datetime import timedelta

import pytest

from tests.doubles.github import BOT, Clock, World
from triagebot.cli import run
from triagebot.cli.process import Process

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import ENVIRON, case  # noqa: E402 - only what is imported after the line above explains its asserts

CONFIG = """
[[suites]]
match = "*two*"
priority = "P1"
area = "shop"
"""


class Runs:
    """An issue of ours that a second run edits, with a new title and other labels."""

    def __init__(self, folder, github):
        self.folder, self.github, self.clock = folder, github, github.world.clock
        (folder / "c.toml").write_text(CONFIG)
        assert self.triage("run-1", "a") == 0, self.said
        issue = self.issue
        first = github.world.patch(
            issue, "ada", {"body": issue.body + "\n\nSeen on Monday.\nIt is the cache."}
        )
        assert first.body.endswith("cache.")
        self.clock.now += timedelta(days=1)

    @property
    def issue(self):
        return self.github.world.issues[1]

    def triage(self, name, *red):
        at = self.clock.now.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        cases = "".join(case(which, "red") for which in red)
        path = self.folder / "r.xml"
        path.write_text(
            f'<testsuites><testsuite name="s" tests="1" timestamp="{at}">{cases}</testsuite></testsuites>'
        )
        argv = [
            "triage",
            f"--run-id={name}",
            "--branch=main",
            f"--config={self.folder / 'c.toml'}",
            str(path),
        ]
        out, err = io.StringIO(), io.StringIO()
        environ = {**ENVIRON, "GITHUB_API_URL": self.github.url}
        code = run(argv, Process(environ, self.clock, self.folder, io.BytesIO(), out, err, self.clock.sleep))
        self.said = " ".join(err.getvalue().split())
        return code

    def with_a_person(self, act, moment):
        """The second run, and somebody who acts just before its request of that number; whether there was such a one."""
        count = iter(range(10_000))

        def gate(_method, _path, _token):
            if next(count) == moment:
                act(self.github.world, self.issue)

        self.github.gate = gate
        self.code = self.triage("run-2", "a", "a.two")
        self.github.gate = None
        return next(count) > moment


def append(world, issue):
    world.patch(issue, "ada", {"body": issue.body + "\nAda: it is the queue."})


def rewrite_above(world, issue):
    marker, _, rest = issue.body.partition("\n")
    world.patch(issue, "ada", {"body": f"{marker}\nAda: it is the queue.\n{rest}"})


def take_out(world, issue):
    world.patch(issue, "ada", {"body": issue.body.replace("\nIt is the cache.", "\nAda: it is the queue.")})


def with_line_ends_of_an_editor(world, issue):
    body = (issue.body + "\nAda: it is the queue.").replace("\n", "\r\n")
    world.patch(issue, "ada", {"body": body})


ACTS = [append, rewrite_above, take_out, with_line_ends_of_an_editor]


@pytest.mark.parametrize("act", ACTS)
def test_what_a_person_writes_during_any_request_of_a_run_stands_in_the_end(tmp_path, github, act):
    moment = 0
    while True:
        github.world, folder = World(Clock()), tmp_path / str(moment)
        folder.mkdir(exist_ok=True)
        runs = Runs(folder, github)
        if not runs.with_a_person(act, moment):
            break
        assert runs.issue.body.count("Ada: it is the queue.") == 1, f"request {moment}: {runs.issue.body}"
        assert "Seen on Monday." in runs.issue.body
        assert ("It is the cache." in runs.issue.body) is (act is not take_out), f"request {moment}"
        assert "run-2" in runs.issue.body, f"request {moment}"
        assert runs.code == 0, runs.said
        moment += 1
    assert moment > 8


@pytest.mark.parametrize("moment", range(4, 11))
def test_a_title_and_labels_that_a_person_sets_at_that_moment_stay(tmp_path, github, moment):
    def act(world, issue):
        world.patch(issue, "ada", {"title": "The queue is full"})
        world.add_labels(issue, ["mine"], "ada")
        world.remove_label(issue.number, "triage: draft", "ada")

    runs = Runs(tmp_path, github)
    assert runs.with_a_person(act, moment)
    assert runs.issue.title == "The queue is full"
    assert "mine" in runs.issue.labels
    assert "triage: draft" not in runs.issue.labels
    assert {"triagebot", "P1", "area: shop"} <= set(runs.issue.labels)


def overwrite(runs, act=append):
    """A person's text that the second run overwrites at the last moment."""

    def gate(method, path, _token):
        if method == "PATCH" and path.endswith("/issues/1") and not runs.done:
            runs.done = True
            act(runs.github.world, runs.issue)

    runs.done = False
    runs.github.gate = gate
    runs.code = runs.triage("run-2", "a", "a.two")
    runs.github.gate = None
    assert runs.done


def test_who_may_not_ask_says_so_and_the_next_run_that_may_puts_it_back(tmp_path, github):
    runs = Runs(tmp_path, github)
    github.world.actors["t0ken"].graphql = False
    overwrite(runs)
    assert "did not tell whether people wrote at the same moment" in runs.said
    assert "the queue" not in runs.issue.body
    github.world.actors["t0ken"].graphql = True
    runs.clock.now += timedelta(days=1)
    assert runs.triage("run-3", "a", "a.two") == 0
    assert runs.issue.body.count("Ada: it is the queue.") == 1
    assert "run-3" in runs.issue.body


def test_where_people_wrote_on_since_it_is_said_on_the_issue_once(tmp_path, github):
    runs = Runs(tmp_path, github)
    github.world.actors["t0ken"].graphql = False
    overwrite(runs)
    github.world.patch(runs.issue, "bob", {"body": runs.issue.body + "\nBob: no."})
    github.world.actors["t0ken"].graphql = True
    for name in ("run-3", "run-4"):
        runs.clock.now += timedelta(days=1)
        assert runs.triage(name, "a", "a.two") == 0
    [said] = [comment for comment in runs.issue.comments if "overwritten" in comment.body]
    assert said.user == BOT
    assert "`ada`" in said.body
    assert runs.issue.body.count("Bob: no.") == 1


def test_nobody_is_asked_for_texts_where_nobody_else_wrote(tmp_path, github):
    runs = Runs(tmp_path, github)
    runs.issue.edits.clear()
    begun = len(github.exchanges)
    assert runs.triage("run-2", "a") == 0
    asked = [e.body["query"] for e in github.exchanges[begun:] if e.path == "/graphql"]
    assert [query.count("diff") for query in asked if "userContentEdits" in query] == [0]
