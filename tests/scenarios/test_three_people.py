"""Three people walk one issue through: draft, accepted, corrected, rejected, drafted anew, fixed, back with its memory."""

import json

import pytest

from tests.cli.analyst import answer
from tests.doubles.github import BOT, Clock, GitHub, World
from tests.models.stub import message, serving

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts
from tests.scenarios.test_scenarios import KEY  # noqa: E402 - as above

OLD = "A setting that only this path reads is not there in the deployment."
NEW = "The wheel that was deployed was built without this module."


def maintained(handler, body):
    """A model that obeys: it names another root where maintainers ruled the first one out."""
    made = answer(body)
    if f"cause that maintainers ruled out: {OLD}" in body["messages"][0]["content"]:
        (root,) = (why for why in made["whys"] if why["sentence"] == OLD)
        root["sentence"], root["refuted_by"] = (
            NEW,
            "The list of files of the deployed wheel names the module.",
        )
    message(json.dumps(made))(handler, body)


def stubborn(handler, body):
    """A model that does not: it brings the same root back in the same words."""
    message(json.dumps(answer(body)))(handler, body)


@pytest.fixture
def walk(tmp_path, request):
    clock = Clock()
    with GitHub(World(clock)) as github, serving(request.param) as model:
        play = Play(github, tmp_path, clock)
        play.more = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        play.model = model
        github.world.roles |= {"ada": "write", "bob": "triage", "eve": "maintain"}
        github.world.commit("c1")
        github.world.commit("0123abc", "c1")
        github.world.commit("c3", "0123abc")
        github.world.files["0123abc"] = {"shop/wheel.py": "@@ -1 +1 @@\n+import shop"}
        yield play
        assert not github.complaints


def said(play, who, text):
    play.github.world.comment(1, who, text)
    play.step({"listen": 1})


def body(play):
    return play.github.world.issues[1].body


def reviewed(play):
    """A draft whose first step is accepted, whose second is corrected, and whose root is rejected; and the next red day."""
    play.step({"run": "r1", "red": "a", "green": "b", "commit": "c1"})
    said(play, "ada", "/triage accept 1\n/triage edit 2: Only what imports the shop module is concerned")
    said(play, "bob", "/triage reject 3: the setting is there, I looked\n/triage redraft mind the wheel")
    play.step({"day": 1, "run": "r2", "red": "a", "green": "b", "commit": "c1"})


@pytest.mark.parametrize("walk", [maintained], indirect=True)
def test_from_the_draft_to_the_memory_of_last_time(walk):
    reviewed(walk)
    request = walk.model.bodies[-1]["messages"][0]["content"]
    for told in (
        f"cause that maintainers ruled out: {OLD} (reason: the setting is there, I looked)",
        "step that maintainers settled, and that stands: Only what imports the shop module is concerned",
        "what maintainers want to know: mind the wheel",
    ):
        assert told in request
    assert NEW in body(walk)
    assert f"Ruled out by bob: {OLD} (the setting is there, I looked)" in body(walk)
    assert "Only what imports the shop module is concerned" in body(walk)
    said(walk, "eve", "/triage accept 3\n/triage fixed-by 0123abc")
    walk.step(
        {"issue": 1, "labels": ["triagebot", "P3", "triage: confirmed"], "has": ["**Confirmed** by eve"]}
    )
    for day in range(2, 6):
        walk.step({"day": day, "run": f"g{day}", "green": "a b", "commit": "c3"})
    walk.step({"issue": 1, "state": "closed"})
    walk.step({"issue": 1, "lacks": ["**Graded**"]})
    walk.step({"fault": "502 after", "method": "PATCH", "path": "/issues/1"})
    walk.step({"day": 6, "run": "g6", "green": "a b", "commit": "c3"})
    walk.step(
        {"issue": 1, "has": ["**Graded** by the fix `0123abc`", "2 accepted, 1 corrected, 1 never looked at"]}
    )
    asked = len(walk.model.bodies)
    walk.step(
        {"day": 8, "run": "r8", "red": "a", "green": "b", "commit": "c3", "plan": ["reopen 1", "comment 1"]}
    )
    assert f"**Last time the cause was:** {NEW}" in body(walk)
    assert "accepted by eve" in body(walk)
    assert "fixed by `0123abc`" in body(walk)
    assert (
        "why the prevention of the accepted cause did not hold"
        in walk.model.bodies[asked]["messages"][0]["content"]
    )
    walk.command(["review", "stats"])
    counted = {
        (c["prompt"], c["fate"]): c["number"] for c in json.loads(walk.out) if not c["kind"] and c["prompt"]
    }
    (prompt,) = {prompt for prompt, _ in counted}
    assert counted[prompt, "edited"] == 2, "the correction holds for the step of the second draft, too"
    assert counted[prompt, "fix does not tell"] == 1
    answers = [c.body for c in walk.github.world.issues[1].comments if c.user == BOT]
    assert len(answers) == 2, "what proof closed, and what came back"


@pytest.mark.parametrize("walk", [stubborn], indirect=True)
def test_a_model_that_brings_a_rejected_cause_back_is_not_believed(walk):
    reviewed(walk)
    assert "Only what imports the shop module is concerned" in body(walk)
    draft = body(walk).partition("triagebot:part draft")[2].partition("triagebot:part occurrences")[0]
    assert OLD not in draft


@pytest.mark.parametrize("walk", [maintained], indirect=True)
def test_an_issue_that_is_gone_hands_its_cause_to_the_next_one_and_to_its_draft(walk):
    kept = ["--history=branch:history"]
    walk.step({"run": "r1", "red": "a", "green": "b", "args": kept})
    said(walk, "ada", f"/triage cause: {NEW}\n/triage reject 3: no")
    walk.step({"day": 1, "run": "r2", "red": "a", "green": "b", "args": kept})
    walk.step({"act": "delete", "issue": 1})
    walk.step({"day": 2, "run": "r3", "red": "a", "green": "b", "args": kept, "plan": ["open a"]})
    request = walk.model.bodies[-1]["messages"][0]["content"]
    for told in (
        f"cause that maintainers accepted: {NEW}",
        f"cause that maintainers ruled out: {OLD}",
        "did not hold",
    ):
        assert told in request
    walk.step({"issue": 2, "has": [f"**Last time the cause was:** {NEW}", f"Ruled out by ada: {OLD}"]})
