"""A run that hears people is killed at every request that it makes, and run again: one effect, one reaction, one answer."""

import pytest

from tests.doubles.github import BOT, Clock, GitHub, World

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts

SAID = "/triage cause: The wheel was built without shop\n/triage aprove\n/triage priority P1"


def spoken(tmp_path, github, clock):
    play = Play(github, tmp_path, clock)
    github.world.roles["ada"] = "write"
    play.step({"run": "r1", "red": "a"})
    github.world.comment(1, "ada", SAID)
    github.world.comment(1, "mallory", "/triage mute")
    return play


def end(world):
    issue = world.issues[1]
    theirs = [c for c in issue.comments if c.user != BOT]
    return {
        "labels": sorted(issue.labels),
        "answers": sorted(c.body for c in issue.comments if c.user == BOT),
        "reactions": [c.reacted(BOT) for c in theirs],
        "confirmed": (issue.body or "").count("**Confirmed** by ada"),
        "causes": (issue.body or "").count("stated by ada"),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    clock = Clock()
    with GitHub(World(clock)) as github:
        play = spoken(tmp_path_factory.mktemp("whole"), github, clock)
        first = len(github.exchanges)
        play.step({"listen": 1})
        assert not github.complaints
        writes = [e for e in github.exchanges[first:] if e.method != "GET" and "graphql" not in e.path]
        return end(github.world), len(writes)


def test_undisturbed_it_ends_with_one_effect_one_reaction_and_one_answer_each(undisturbed):
    found, _ = undisturbed
    assert found["labels"] == ["P1", "triage: confirmed", "triagebot"]
    assert found["reactions"] == [["confused"], ["confused"]]
    assert len(found["answers"]) == 2
    assert (found["confirmed"], found["causes"]) == (1, 1)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(10))
def test_killed_at_any_write_and_run_again_it_ends_the_same(undisturbed, tmp_path, monkeypatch, at, after):
    expected, writes = undisturbed
    if at >= writes:
        pytest.skip(f"there are {writes} writes")
    clock = Clock()
    with GitHub(World(clock)) as github:
        play = spoken(tmp_path, github, clock)
        dying(monkeypatch, at, after=after)
        with pytest.raises(Killed):
            play.step({"listen": 1})
        monkeypatch.undo()
        play.step({"listen": 1})
        assert end(github.world) == expected
        play.step({"listen": 1, "writes": []})
        assert not github.complaints


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


def test_an_event_and_a_nightly_at_once_end_the_same(undisturbed, tmp_path):
    """Each of two listeners goes one request at a time, in turns."""
    import threading

    expected, _ = undisturbed
    clock = Clock()
    with GitHub(World(clock)) as github:
        play = spoken(tmp_path, github, clock)
        turns = threading.Lock()
        other = Play(github, tmp_path, clock)
        threads = [
            threading.Thread(target=one.command, args=(["review", "--listen", "1"],)) for one in (play, other)
        ]
        with turns:
            for thread in threads:
                thread.start()
        for thread in threads:
            thread.join()
        play.step({"listen": 1})
        assert end(github.world) == expected
