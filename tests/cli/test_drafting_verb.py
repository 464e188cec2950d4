"""`triagebot draft`: the exact request and what it costs at most, and one draft without touching an issue."""

import json
from pathlib import Path

import pytest

from tests.cli.analyst import analyst
from tests.cli.conftest import STAGING, Command
from tests.cli.test_drafting_owed import report
from tests.models.stub import serving

RED = STAGING / "day-2-red/report.json"
KEY = "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0"


def test_the_prompt_that_is_shown_is_the_request_that_is_made(triagebot: Command, tmp_path: Path) -> None:
    shown = triagebot("draft", RED, "--key", "ws.", "--show-prompt")
    assert shown.code == 0
    with serving(analyst()) as stub:
        environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": stub.url}
        said = triagebot("draft", RED, "--key", "ws.", environ=environ)
    assert json.loads(shown.out) == stub.bodies[0]
    assert said.out.startswith("# Five whys: WebSocket closed by the server with 1011")
    assert "draft of ws.close-" in said.err and ": drafted (" in said.err
    assert not (tmp_path / ".triagebot").exists(), "no issue is touched"


def test_the_estimate_is_an_upper_bound_and_says_what_it_is_made_of(
    triagebot: Command, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text('[drafts]\nmodel = "claude-of-tomorrow"\nmax_output_tokens = 1000\n')
    known = triagebot("draft", RED, "--key", "ws.", "--show-prompt").err
    assert "tokens in, at most 12,000 out, at most $0.1" in known
    assert "with claude-sonnet-5-5; a repair costs about as much again" in known
    own = triagebot("draft", RED, "--key", "ws.", "--show-prompt", "--config", "own.toml").err
    assert "at most 1,000 out" in own
    assert "prices of this model are not known; the dearest known one was taken" in own


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("nothing-like-it", ["no cause here has such a key", "ws.close-", "database-", "http.status-"]),
        ("", ["several causes have such a key", "ws.close-"]),
    ],
)
def test_a_key_that_names_no_cause_or_several_lists_those_to_choose_from(
    triagebot: Command, key: str, says: list[str]
) -> None:
    said = triagebot("draft", RED, "--key", key)
    assert (said.code, said.out) == (1, "")
    assert all(words in said.err for words in says)


def test_a_key_that_begins_another_one_names_itself(triagebot: Command, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        '[[rules]]\nwhen = "amber"\nkey = "shop"\n[[rules]]\nwhen = "birch"\nkey = "shop-two"\n'
    )
    two = report(tmp_path, ["amber", "birch"])
    said = triagebot("draft", two, "--key", "rule-shop", "--config", "rules.toml", "--json")
    assert (said.code, json.loads(said.out)["key"]) == (0, "rule-shop")


def test_a_green_run_has_no_cause_to_draft(triagebot: Command) -> None:
    said = triagebot("draft", STAGING / "day-1-green/report.json", "--key", "ws")
    assert (said.code, "nothing failed in this run" in said.err) == (1, True)


def test_without_a_key_the_digest_is_printed_for_people_and_machines(triagebot: Command) -> None:
    said = triagebot("draft", RED, "--key", "ws.")
    assert "**No language model was used** (no key)." in said.out
    made = json.loads(triagebot("draft", RED, "--key", "ws.", "--json").out)
    assert (made["schema"], made["by"], made["draft"]["reason"]) == (1, "digest", "no key")


def test_a_model_s_draft_as_json_has_its_answer_and_its_origin(triagebot: Command) -> None:
    with serving(analyst()) as stub:
        environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": stub.url}
        made = json.loads(triagebot("draft", RED, "--key", "ws.", "--json", environ=environ).out)
    assert made["by"] == "model"
    assert made["draft"]["answer"]["verdict"] == "root_cause_hypothesis"
    assert made["draft"]["origin"]["model"] == "claude-sonnet-5-5"
