"""Markers that people quote, paste, double or delete: the issue stays ours, no second one is opened, people are told once."""

import copy
import io
from datetime import timedelta

import pytest

from tests.doubles.github import BOT
from triagebot.cli import run
from triagebot.cli.process import Process
from triagebot.issues import read_marker
from triagebot.issues.model import Marker

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import ENVIRON, case  # noqa: E402 - only what is imported after the line above explains its asserts


class Runs:
    """Two causes with an issue each."""

    def __init__(self, folder, github):
        self.folder, self.github, self.clock = folder, github, github.world.clock
        self.triage("run-1", "a", "b")
        self.keys = {n: read_marker(i.body).key for n, i in github.world.issues.items()}

    def triage(self, name, *red):
        self.clock.now += timedelta(days=1)
        at = self.clock.now.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        cases = "".join(case(which, "red") for which in red)
        path = self.folder / "r.xml"
        path.write_text(
            f'<testsuites><testsuite name="s" tests="1" timestamp="{at}">{cases}</testsuite></testsuites>'
        )
        out, err = io.StringIO(), io.StringIO()
        environ = {**ENVIRON, "GITHUB_API_URL": self.github.url}
        process = Process(environ, self.clock, self.folder, io.BytesIO(), out, err, self.clock.sleep)
        code = run(["triage", f"--run-id={name}", "--branch=main", str(path)], process)
        self.said = " ".join((out.getvalue() + err.getvalue()).split())
        assert code == 0, self.said

    def body(self, number=1):
        return self.github.world.issues[number].body

    def rewrite(self, text, number=1):
        self.github.world.patch(self.github.world.issues[number], "ada", {"body": text})

    def told(self, number=1):
        return [c.body for c in self.github.world.issues[number].comments if "marker" in c.body]


def marker_of(body):
    return body.split("\n")[0]


DAMAGE = {
    "quoted above": lambda r: marker_of(r.body()) + "\n" + r.body(),
    "quoted in words above": lambda r: f"See:\n\n{marker_of(r.body())}\n\nAda\n" + r.body(),
    "quoted below": lambda r: r.body() + "\n" + marker_of(r.body()),
    "another cause's pasted above": lambda r: marker_of(r.body(2)) + "\n" + r.body(),
    "another cause's pasted below": lambda r: r.body() + "\n" + marker_of(r.body(2)),
    "another cause's in place of ours": lambda r: r.body().replace(marker_of(r.body()), marker_of(r.body(2))),
    "another cause's whole text": lambda r: r.body(2),
    "deleted": lambda r: r.body().partition("\n")[2],
    "broken": lambda r: r.body().replace('{"v":1', '{"v":1,,', 1),
    "indented and cut": lambda r: "  " + marker_of(r.body())[:80] + "\n" + r.body().partition("\n")[2],
    "rewritten": lambda _: "I have rewritten this. Ada",
    "emptied": lambda _: "",
}


@pytest.mark.parametrize("history", [True, False], ids=["edit history", "no edit history"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_the_issue_stays_ours_and_people_are_told_once(tmp_path, github, damage, history):
    runs = Runs(tmp_path, github)
    kept = runs.body(2)
    runs.rewrite(DAMAGE[damage](runs))
    github.world.actors["t0ken"].graphql = history
    for name in ("run-2", "run-3", "run-4"):
        runs.triage(name, "a", "b")
    assert [*github.world.issues] == [1, 2]
    assert [i.state for i in github.world.issues.values()] == ["open", "open"]
    for number, key in runs.keys.items():
        marker = read_marker(runs.body(number))
        assert isinstance(marker, Marker), marker
        assert marker.key == key
        assert {"run-2", "run-3", "run-4"} <= set(marker.runs)
        if history:
            assert "run-1" in marker.runs
    assert len(runs.told()) == 1
    assert runs.told(2) == []
    assert read_marker(kept).key == runs.keys[2]
    runs.rewrite(DAMAGE[damage](runs))
    runs.triage("run-5", "a", "b")
    assert [*github.world.issues] == [1, 2]
    assert len(runs.told()) == 1, "said once for ever"


def test_what_people_wrote_in_place_of_our_text_stays(tmp_path, github):
    runs = Runs(tmp_path, github)
    runs.rewrite("I have rewritten this. Ada")
    runs.triage("run-2", "a", "b")
    assert "I have rewritten this. Ada" in runs.body()


@pytest.mark.parametrize("history", [True, False], ids=["edit history", "no edit history"])
def test_an_issue_without_text_and_title_is_known_by_its_history_or_holds_new_ones_back(
    tmp_path, github, history
):
    runs = Runs(tmp_path, github)
    github.world.actors["t0ken"].graphql = history
    github.world.patch(github.world.issues[1], "ada", {"body": "mine", "title": "mine"})
    for name in ("run-2", "run-3"):
        runs.triage(name, "a", "b", "c")
        assert len(github.world.issues) == (3 if history else 2)
    assert len(runs.told()) == 1
    if not history:
        assert "lost the marker" in runs.said
        github.world.remove_label(1, "triagebot", "ada")
        runs.triage("run-4", "a", "b", "c")
        assert len(github.world.issues) == 4, "who takes our label off takes the issue"


def test_an_issue_of_another_login_with_our_label_is_never_taken_for_ours(tmp_path, github):
    runs = Runs(tmp_path, github)
    title = github.world.issues[1].title
    theirs = github.world.open(title, copy.copy(runs.body()), "mallory", ("triagebot",))
    before = theirs.body
    runs.rewrite("")
    runs.triage("run-2", "a", "b")
    assert theirs.body == before
    assert theirs.comments == []
    assert read_marker(runs.body()).key == runs.keys[1]
    assert github.world.issues[1].user == BOT
