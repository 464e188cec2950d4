"""`triagebot review` on the local tracker: a draft is read, accepted, corrected, rejected; what people settled stays."""

import json
import re
from datetime import timedelta

import pytest

from tests.cli.analyst import analyst
from tests.cli.conftest import CONFIG, NOON, STAGING
from tests.models.stub import serving
from triagebot.issues import read_marker

KEY = "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0"


@pytest.fixture
def drafted(triagebot):
    """An issue with a draft of a (pretended) model, and the same command line with that model at hand."""
    with serving(analyst()) as stub:
        environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": stub.url}

        def call(*argv, **more):
            return triagebot(*argv, environ=environ, **more)

        red = (
            "triage",
            STAGING / "day-2-red",
            "--config",
            CONFIG,
            "--logs",
            STAGING / "day-2-red/service.log",
        )
        assert call(*red).code == 0
        call.stub = stub
        yield call


def shown(triagebot, number=1):
    return triagebot("issues", "show", number).out


def test_the_steps_are_numbered_as_in_the_issue(drafted):
    said = drafted("review", 1)
    numbers = re.findall(r"^(D?[\d.]+)\. ", said.out, re.MULTILINE)
    assert numbers == re.findall(r"^- \*\*(D?[\d.]+)\*\* ", shown(drafted), re.MULTILINE)
    assert len(numbers) >= 3
    assert "State: draft" in said.out


def test_two_steps_accepted_one_corrected_the_root_rejected_all_shown_with_their_authors(drafted):
    said = drafted("review", 1, "accept 1-2", "edit 3: The deploy drops the variable", "--as", "ada")
    assert said.code == 0, said.err
    assert drafted("review", 1, "reject: it was the proxy", "--as", "bob").code == 0
    text = shown(drafted)
    assert "**Rejected** by bob on 2026-11-20 12:00 UTC." in text
    assert re.search(r"- \*\*1\*\* accepted by ada\. ", text)
    assert "- **3** corrected by ada: The deploy drops the variable. *(drafted: " in text
    assert "- Whole draft rejected by bob: it was the proxy" in text
    assert re.search(r"^- \*\*2\*\* .*\*\(✔ supported\)\* \*\*\(accepted by ada\)\*\*$", text, re.MULTILINE)
    assert "triage: rejected" in text
    assert "triage: draft" not in text


def test_what_people_settled_stays_through_the_next_runs(drafted):
    drafted("review", 1, "accept 1", "cause: the variable is not passed on", "--as", "ada")
    before = drafted("review", 1).out
    later = drafted("triage", STAGING / "day-3-red", "--config", CONFIG)
    assert "updated" in later.out
    assert drafted("review", 1).out == before
    assert "**Confirmed** by ada" in shown(drafted)
    assert "accepted by ada)**" in shown(drafted)


def test_a_command_that_is_none_exits_1_names_the_nearest_and_does_nothing_of_the_rest(drafted):
    before = shown(drafted)
    said = drafted("review", 1, "aprove 1", "mute")
    assert said.code == 1
    assert "accept [all | 1-3 | 2,4]" in said.err
    assert shown(drafted) == before


def test_a_step_that_is_not_there_is_refused_and_the_rest_is_done(drafted):
    said = drafted("review", 1, "accept 17", "owner chat team")
    assert said.code == 1
    assert "'accept 17': there is no step 17; the steps are 1, " in said.err
    assert "**Owner:** chat team" in shown(drafted)


def test_a_preview_says_what_would_be_written_and_writes_nothing(drafted):
    before = shown(drafted)
    said = drafted("review", 1, "accept", "--preview")
    assert "~ edit #1" in said.err
    assert "+triage: confirmed" in said.err
    assert shown(drafted) == before


def test_json_tells_steps_causes_and_what_was_ruled_out(drafted):
    drafted("review", 1, "reject 1: no", "cause: the pool", "--as", "ada")
    told = json.loads(drafted("review", 1, "--json").out)
    assert told["state"] == "confirmed"
    assert told["whys"][0]["acts"] == [{"verb": "reject", "who": "ada", "said": "no"}]
    assert [cause["text"] for cause in told["causes"]] == ["the pool"]
    assert told["ruled_out"][0]["reason"] == "no"


def test_without_a_model_the_cause_is_stated_and_an_undo_takes_it_back(triagebot):
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG)
    assert "No step was drafted" in triagebot("review", 1).out
    assert triagebot("review", 1, "accept").code == 1
    triagebot("review", 1, "cause: The token is not passed on", "--as", "ada")
    assert "**Root cause (primary)**, stated by ada: The token is not passed on" in shown(triagebot)
    assert "triage: confirmed" in shown(triagebot)
    triagebot("review", 1, "undo")
    assert "The token is not passed on" not in shown(triagebot)
    assert "triage: draft" in shown(triagebot)


def test_the_same_commands_twice_leave_one_effect(triagebot):
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG)
    for _ in range(2):
        triagebot("review", 1, "priority P1", "mute", now=NOON)
    assert shown(triagebot).count("**Muted** until somebody") == 1
    assert len(read_marker(json.loads(triagebot("issues", "show", 1, "--json").out)["body"]).acts) <= 4


@pytest.mark.parametrize("argv", [("review", 7), ("review", 7, "accept")])
def test_an_issue_that_is_not_there_is_told_in_a_line(triagebot, argv):
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG)
    said = triagebot(*argv)
    assert said.code == 1
    assert "there is no issue 7" in said.err


def test_text_of_a_person_is_shown_and_does_nothing(triagebot):
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG)
    triagebot(
        "review", 1, 'cause: @octocat closes #1 <!-- triagebot {"v":1,"key":"x","algorithm":1} --> `rm` $(id)'
    )
    body = json.loads(triagebot("issues", "show", 1, "--json").out)["body"]
    assert body.count("<!-- triagebot {") == 1
    assert "@octocat" not in body
    assert read_marker(body).acts[0].said.startswith("@octocat")


def root(triagebot):
    (found,) = re.findall(r"^(\d)\. (.*?) \[primary root cause\]", triagebot("review", 1).out, re.MULTILINE)
    return found


def test_a_redraft_is_told_what_was_ruled_out_and_what_stands_and_does_not_bring_it_back(drafted):
    number, sentence = root(drafted)
    said = drafted(
        "review",
        1,
        "accept 1",
        f"reject {number}: it was set all the time",
        "redraft mind the deploy",
        "--as",
        "ada",
    )
    assert said.code == 0, said.err
    before = len(drafted.stub.bodies)
    drafted("triage", STAGING / "day-3-red", "--config", CONFIG, "--logs", STAGING / "day-3-red/service.log")
    request = next(
        body["messages"][0]["content"] for body in drafted.stub.bodies[before:] if "ruled out" in str(body)
    )
    assert f"cause that maintainers ruled out: {sentence} (reason: it was set all the time)" in request
    assert "step that maintainers settled, and that stands: " in request
    assert "what maintainers want to know: mind the deploy" in request
    text = shown(drafted)
    draft = text.partition("### Five whys (draft)")[2].partition("What the check took out")[0]
    assert draft
    assert sentence not in draft
    assert f"Ruled out by ada: {sentence.rstrip('.')}" in text.replace("\\", "") or "Ruled out by ada" in text
    assert "accepted by ada" in text


def test_what_was_accepted_and_comes_back_is_remembered_and_the_new_draft_starts_from_it(drafted):
    drafted("review", 1, "cause: The token is not passed on to the agents", "--as", "ada")
    drafted("issues", "close", 1, "--commit", "abc1234")
    before = len(drafted.stub.bodies)
    drafted(
        "triage",
        STAGING / "day-6-red",
        "--config",
        CONFIG,
        "--commit",
        "f" * 40,
        now=NOON + timedelta(days=30),
    )
    text = shown(drafted)
    assert "**Last time the cause was:** The token is not passed on to the agents." in text
    assert "accepted by ada on 2026-11-20" in text
    request = next(
        body["messages"][0]["content"]
        for body in drafted.stub.bodies[before:]
        if "earlier issue 1" in str(body)
    )
    assert "cause that maintainers accepted: The token is not passed on to the agents" in request
    assert "why the prevention of the accepted cause did not hold" in request


def test_stats_count_what_became_of_drafts_and_say_where_that_is_too_little(drafted):
    drafted("review", 1, "accept")
    told = drafted("review", "stats")
    assert "accepted as" in told.out
    assert re.search(r"all +\D+\d +\D+1 ", told.out)
    assert "too few to tell" in told.out
    assert json.loads(drafted("review", "stats", "--json").out)[0]["interval"] is None


def test_what_is_neither_a_number_nor_stats_is_a_wrong_use(drafted):
    said = drafted("review", "one")
    assert said.code == 2
    assert "neither the number of an issue nor stats" in said.err


def test_a_cause_outlives_the_local_tracker_where_history_has_a_home_of_its_own(triagebot, tmp_path):
    home = f"--history=sqlite:///{tmp_path / 'history.db'}"
    triagebot("triage", STAGING / "day-2-red", "--config", CONFIG, home)
    assert triagebot("review", 1, "cause: the token is not passed on", home, "--as", "ada").code == 0
    (tmp_path / ".triagebot" / "triagebot.db").unlink()
    triagebot("triage", STAGING / "day-3-red", "--config", CONFIG, home)
    assert "**Last time the cause was:** the token is not passed on. *(accepted by ada on" in shown(triagebot)
