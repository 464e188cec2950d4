"""Sessions against GitHub's double, over several days: logged, closed, reopened, deleted, two environments, at once, killed at every write."""

import json
import os
import re
import threading

import pytest

from tests.doubles.github import Clock, GitHub, World

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts

CONFIG = """
[[suites]]
name = "shop"
match = "*test_shop*"
phase = "1 critical"
priority = "P1"
impact = {text = "chat", amount = 120000, unit = "$ MRR"}

[[gates]]
priority = "P1"
"""
RUN_LINE = re.compile(r"\*\*\d\d-\d\d \d\d:\d\d UTC\*\* `(\w+)`")


class Loop:
    """A session under way on the double."""

    def __init__(self, folder, config=CONFIG, history="", world=None):
        self.clock = Clock()
        self.github = GitHub(world or World(self.clock))
        self.play = Play(self.github, folder, self.clock, config)
        self.history = [f"--history={history}"] if history else []

    def __enter__(self):
        self.github.__enter__()
        return self

    def __exit__(self, *args):
        self.github.__exit__(*args)
        if args[0] is None:
            assert not self.github.complaints

    def say(self, verb, *more, environment="staging", code=0):
        self.play.config_file()
        where = [] if "--session" in more else [f"--environment={environment}", "--branch=main"]
        argv = ["session", verb, f"--config={self.play.folder / 'config.toml'}", *where, *self.history, *more]
        found = self.play.command(argv)
        assert found == code, self.play.said
        return json.loads(self.play.out) if self.play.out.startswith("{") else {}

    def start(self, focus="golden path", **more):
        return self.say("start", f"--focus={focus}", **more)

    def run(self, run, red="", green="", args=(), **more):
        self.play.step({"run": run, "red": red, "green": green, "args": [*self.history, *args], **more})

    def issue(self, number=1):
        return self.github.world.issues[number]

    def logged(self, number=1):
        """The runs in the log, the newest first."""
        return RUN_LINE.findall(self.issue(number).body or "")

    def writes(self, first=0):
        return [
            e
            for e in self.github.exchanges[first:]
            if e.method != "GET" and "graphql" not in e.path and "/labels" not in e.path
        ]


def test_a_session_from_start_to_close(tmp_path):
    with Loop(tmp_path) as loop:
        told = loop.start()
        assert told["id"] == "golden-path-20250910-2000"
        assert sorted(loop.issue().labels) == ["session", "triagebot"]
        assert (
            "| 1 critical | shop | P1 | 0 | 0 | chat (<span>$</span>120K MRR) | no run is known |"
            in loop.issue().body
        )
        loop.run("r1", red="a", green="b", revision="v1")
        assert loop.logged() == ["r1"]
        assert "⛔ **P1** 1 of 2 proven; 1 failed (test\\_a)" in loop.issue().body.replace(
            "test_a", "test\\_a"
        )
        assert "- #2 " in loop.issue().body
        first = len(loop.github.exchanges)
        loop.run("r1", red="a", green="b", revision="v1")
        assert loop.writes(first) == [], "planning again plans nothing"
        assert "gate P1: held" in (loop.say("close", code=1) or loop.play.said)
        loop.run("r2", green="a b", revision="v1", day=1)
        assert loop.logged() == ["r2", "r1"]
        assert "✅ **P1** 2 of 2 proven" in loop.issue().body
        assert loop.say("next")["kind"] == "run"
        told = loop.say("close")
        assert (told["closed"]["proven"], told["closed"]["known"], told["closed"]["forced"]) == (2, 2, "")
        assert (loop.issue().state, loop.issue().state_reason) == ("closed", "completed")
        report = tmp_path / ".triagebot/sessions" / told["id"] / "session.html"
        assert "2 of 2 proven" in report.read_text()
        first = len(loop.github.exchanges)
        loop.run("r3", red="a", day=2)
        assert loop.logged() == ["r2", "r1"], "a run after the end belongs to no session"
        assert all("/issues/1" not in e.path for e in loop.writes(first))


def opened(loop, focus="golden path", **more):
    loop.start(focus, **more)
    loop.run("r1", red="a", **more)


def by_person_closed(loop):
    loop.github.world.close(1, "ada", "completed", None)


def by_person_reopened(loop):
    by_person_closed(loop)
    loop.run("r2", red="a", day=1)
    loop.github.world.reopen(1, "ada")


def deleted(loop):
    loop.issue().gone = "deleted"


def unlabelled(loop):
    assert loop.github.world.remove_label(1, "session", "ada")


def written_above(loop):
    marker, rest = loop.issue().body.split("\n", 1)
    loop.github.world.patch(loop.issue(), "ada", {"body": f"{marker}\nMy own words.\n{rest}"})


def retitled(loop):
    loop.github.world.patch(loop.issue(), "ada", {"title": "Our loop"})


def muted(loop):
    loop.github.world.add_labels(loop.issue(), ["muted"], "ada")


by_hand = pytest.mark.skipif("TRIAGEBOT_SLOW" not in os.environ, reason="by hand, with TRIAGEBOT_SLOW=1")
"""Scenarios that cost the gate more than they tell it."""


PEOPLE = [
    ("nobody did anything", str, ["r9", "r1"]),
    ("a person closed it: the session is over", by_person_closed, ["r1"]),
    ("a person reopened it: it goes on", by_person_reopened, ["r9", "r1"]),
    ("a person took the session's label off: the marker still tells", unlabelled, ["r9", "r1"]),
    ("a person renamed it", retitled, ["r9", "r1"]),
    ("a person wrote above the bot's part", written_above, ["r9", "r1"]),
    ("a person muted it, which is for causes", muted, ["r9", "r1"]),
]


@pytest.mark.parametrize(
    ("act", "log"),
    [
        pytest.param(*row[1:], id=row[0], marks=[by_hand] if n not in (1, 2) else [])
        for n, row in enumerate(PEOPLE)
    ],
)
def test_people_win(tmp_path, act, log):
    with Loop(tmp_path) as loop:
        opened(loop)
        act(loop)
        title, above = loop.issue().title, "My own words." in loop.issue().body
        loop.run("r9", green="a", day=3)
        assert loop.logged() == log
        assert loop.issue().title == title
        assert ("My own words." in loop.issue().body) is above


@by_hand
def test_a_deleted_session_is_not_opened_again_by_a_run(tmp_path):
    with Loop(tmp_path, history="branch:past") as loop:
        opened(loop)
        deleted(loop)
        loop.run("r2", green="a", day=1)
        assert [n for n, i in loop.github.world.issues.items() if "session" in i.labels and not i.gone] == []


WHERE = [
    ("its own environment and branch", {"environment": "staging"}, ["r9", "r1"]),
    ("another environment", {"environment": "production"}, ["r1"]),
    ("another branch", {"branch": "feature"}, ["r1"]),
    ("another environment, by its name", {"environment": "production", "args": ["--session", "golden-path-20250910-2000"]}, ["r9", "r1"]),
    ("by the number of its issue", {"args": ["--session", "#1"]}, ["r9", "r1"]),
    ("in words that tell how it was run", {"args": ["--ran", "pytest -k chat"]}, ["r9", "r1"]),
    ("a dry run", {"args": ["--dry-run"]}, ["r1"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "log"),
    [
        pytest.param(*row[1:], id=row[0], marks=[by_hand] if n in (0, 2, 4) else [])
        for n, row in enumerate(WHERE)
    ],
)
def test_a_run_belongs_to_the_session_of_its_scope(tmp_path, more, log):
    with Loop(tmp_path) as loop:
        opened(loop)
        loop.run("r9", red="a", day=1, **more)
        assert loop.logged() == log
        assert ("Command: `pytest -k chat`" in loop.issue().body) is ("--ran" in more.get("args", ()))


@by_hand
def test_two_environments_have_sessions_of_their_own(tmp_path):
    with Loop(tmp_path) as loop:
        loop.start()
        loop.start(environment="canary")
        loop.run("r1", red="a", environment="canary")
        loop.run("r2", red="a", environment="staging")
        assert (loop.logged(1), loop.logged(2)) == (["r2"], ["r1"])
        assert loop.say("status", environment="canary")["runs"][0]["run"] == "r1"


def test_a_run_for_a_session_that_is_not_there_files_nothing(tmp_path):
    with Loop(tmp_path) as loop:
        loop.start()
        first = len(loop.github.exchanges)
        loop.run("r1", red="a", args=["--session", "nope"], code=1, says="there is no such session")
        assert loop.writes(first) == []


def test_an_outage_costs_the_session_its_line_until_the_next_run_and_no_filing(tmp_path):
    with Loop(tmp_path, history="branch:past") as loop:
        loop.start()
        loop.github.fault("403 forbidden", "PATCH", "/issues/1", times=1)
        loop.run("r1", red="a")
        assert loop.logged() == []
        assert loop.issue(2).state == "open"
        loop.run("r2", red="a", day=1)
        assert loop.logged() == ["r2", "r1"]


REFUSED = [
    ("a second session in one scope", "start", ["--focus=other"], 1, "is open here since"),
    ("a session that nobody knows", "status", ["--session", "nope"], 1, "there is no such session. There are: golden-path"),
    ("closing while a gate is held", "close", [], 1, "stays open: gate P1: held"),
    ("an address that is none", "start", ["--focus=x", "--url", "backend"], 2, "is not NAME=URL"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "more", "code", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_refused_is_said_and_changes_nothing(tmp_path, verb, more, code, said):
    with Loop(tmp_path) as loop:
        opened(loop)
        first = len(loop.github.exchanges)
        loop.say(verb, *more, code=code)
        assert said in loop.play.said
        assert loop.writes(first) == []


def test_a_gate_that_is_held_is_overruled_only_with_a_reason_that_stands_in_the_issue(tmp_path):
    with Loop(tmp_path) as loop:
        opened(loop)
        loop.say("close", "--force", "release freeze")
        assert "by force: release freeze" in loop.issue().body
        loop.github.world.reopen(1, "ada")
        loop.run("r2", green="a", revision="v2", day=1)
        assert loop.logged() == ["r2", "r1"]
        assert "| State | open, 2 runs |" in loop.issue().body


def test_a_new_runner_with_history_on_a_branch_goes_on_where_the_issue_lost_its_memory(tmp_path):
    with Loop(tmp_path, history="branch:past") as loop:
        opened(loop)
        body = loop.issue().body
        loop.github.world.patch(
            loop.issue(), "ada", {"body": body.replace('["run r1",', '["run rX",').replace("r1", "rX", 0)}
        )
        lines = [line for line in loop.issue().body.split("\n") if line.startswith("<!-- triagebot {")]
        cut = re.sub(r',\["run rX",".*?"\]\]', "]", lines[0])
        loop.github.world.patch(loop.issue(), "ada", {"body": loop.issue().body.replace(lines[0], cut)})
        loop.run("r2", red="a", day=1)
        assert loop.logged() == ["r2", "r1"], "history had the line that the issue lost"
        told = loop.say("next")
        assert (told["kind"], told["tests"]) == ("fix", 1)
        assert told["command"].endswith(" tests/test_shop.py")


@by_hand
def test_many_runs_fold_away_and_the_issue_stays_within_its_limit(tmp_path):
    with Loop(tmp_path) as loop:
        loop.start()
        for number in range(9):
            loop.run(f"r{number}", red="a b c d", green="x", day=number)
        body = loop.issue().body
        assert len(loop.logged()) == 9
        assert "<summary>4 older runs</summary>" in body
        assert len(body) < 30_000


class Killed(BaseException):
    """The process is gone."""


def dying(monkeypatch, at, *, after):
    """The process ends before or after its write number `at`."""
    from triagebot.trackers.github.requests import Api

    send, count = Api.send, [0]

    def sent(self, verb, path, given=None):
        count[0] += 1
        if count[0] - 1 == at and not after:
            raise Killed
        made = send(self, verb, path, given)
        if count[0] - 1 == at:
            raise Killed
        return made

    monkeypatch.setattr(Api, "send", sent)
    return count


def start_(loop):
    loop.start()


def run_(loop):
    loop.run("r2", red="a", green="b", day=1)


def close_(loop):
    loop.say("close", "--force", "enough")


ACTS = {"start": (start_, 2), "run": (run_, 3), "close": (close_, 1)}
KILLS = [
    (name, at, after) for name, (_, writes) in ACTS.items() for at in range(writes) for after in (False, True)
]


@pytest.mark.parametrize(
    ("name", "at", "after"),
    [
        pytest.param(
            n,
            a,
            b,
            id=f"{n} {'after' if b else 'before'} write {a}",
            marks=[] if n == "run" and a > 1 else [by_hand],
        )
        for n, a, b in KILLS
    ],
)
def test_killed_at_any_write_and_run_again_it_ends_the_same(tmp_path, monkeypatch, name, at, after):
    act, _ = ACTS[name]
    with Loop(tmp_path) as loop:
        if name != "start":
            opened(loop)
        count = dying(monkeypatch, at, after=after)
        try:
            act(loop)
            assert count[0] <= at, "there are fewer writes"
        except Killed:
            monkeypatch.undo()
            if name == "start" and any("session" in i.labels for i in loop.github.world.issues.values()):
                loop.start(code=1)
                assert "is open here since" in loop.play.said
            elif name == "close" and loop.issue().state == "closed":
                pass
            else:
                act(loop)
        sessions = [i for i in loop.github.world.issues.values() if "session" in i.labels]
        assert len(sessions) == 1
        assert loop.logged() == {"start": [], "run": ["r2", "r1"], "close": ["r1"]}[name]
        assert sessions[0].state == ("closed" if name == "close" else "open")
        monkeypatch.undo()
        first = len(loop.github.exchanges)
        if name == "run":
            run_(loop)
            assert loop.writes(first) == []


@pytest.mark.parametrize(
    "history",
    [
        pytest.param("", id="issues alone"),
        pytest.param("branch:past", id="history on a branch", marks=[by_hand]),
    ],
)
@pytest.mark.parametrize("when", ["before it reads", "after it read"])
def test_two_runs_at_once_lose_no_line(tmp_path, monkeypatch, history, when):
    """Another run writes the session's issue while this one is about to; GitHub lets the later write go over the earlier one.

    The other one looks again when this one has written, as the time that it waits allows for.
    """
    from triagebot.trackers.github.tracker import GitHubTracker

    with Loop(tmp_path, history=history) as loop:
        opened(loop)
        other = Play(loop.github, tmp_path / "other", loop.clock, CONFIG)
        other.folder.mkdir()
        name = "read" if when == "before it reads" else "_sent"
        does, calm, threads, wrote = getattr(GitHubTracker, name), GitHubTracker.calm, [], threading.Event()
        waits, mine = threading.Event(), threading.get_ident()

        def late(self, number, *given):
            if number == 1 and threading.get_ident() == mine and not threads:
                step = {"run": "r3", "red": "c", "args": loop.history}
                threads.append(threading.Thread(target=other.step, args=(step,)))
                threads[0].start()
                waits.wait(20) if not history else threads[0].join(20)
            return does(self, number, *given)

        def calmly(self):
            if threading.get_ident() != mine and "r3" in loop.logged():
                waits.set()
                wrote.wait(20)
            calm(self)

        monkeypatch.setattr(GitHubTracker, name, late)
        monkeypatch.setattr(GitHubTracker, "calm", calmly)
        loop.run("r2", red="b")
        wrote.set()
        threads[0].join(20)
        monkeypatch.undo()
        loop.run("r4", red="a", day=1)
        assert sorted(loop.logged()) == ["r1", "r2", "r3", "r4"]
