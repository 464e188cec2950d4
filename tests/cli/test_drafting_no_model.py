"""Without a key: every cause of every example is filed, with a digest that states no cause, and the SDK is never loaded."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import STAGING, Command

REPORTS = sorted(
    path
    for day in STAGING.glob("day-*-red")
    for path in (day, day / "report.json", day / "junit.xml", day / "output.txt")
)
CLAIMS = re.compile(
    r"\b(?:root cause|caused by|because|due to|the reason is|therefore|leads? to|results? from|triggered by|culprit|to blame)\b",
    re.IGNORECASE,
)


def ours(body: str) -> str:
    """A body without what was copied from the report: fences, code spans, titles in bold."""
    return re.sub(r"(?s)<!--.*?-->|```.*?```|`[^`\n]*`|\*\*[^*\n]*\*\*", "", body)


def draft_part(body: str) -> str:
    """What stands between the impact and the occurrences, and the open questions: where a cause would stand."""
    return ours(body).partition("### Occurrences")[0]


def test_there_are_examples() -> None:
    assert len(REPORTS) == 16


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: str(path.relative_to(STAGING)))
def test_every_group_of_every_example_gets_a_digest_that_states_no_cause(
    triagebot: Command, report: Path
) -> None:
    keys = {group["key"] for group in json.loads(triagebot("group", report, "--json").out)["groups"]}
    assert keys
    assert triagebot("triage", report).code == 0
    issues = json.loads(triagebot("issues", "list", "--json").out)
    assert {issue["key"] for issue in issues} == keys, "filing is complete"
    for issue in issues:
        body = json.loads(triagebot("issues", "show", issue["number"], "--json").out)["body"]
        assert (issue["marker"]["drafted"], issue["marker"]["owed"]) == ("digest", True)
        assert "No language model was used (no key)" in body
        assert "Five whys (draft)" not in body
        assert CLAIMS.search(draft_part(body)) is None


LIGHT = {
    "help": ["--help"],
    "help of triage": ["triage", "--help"],
    "group": ["group", STAGING / "day-2-red"],
    "explain": ["explain", STAGING / "day-2-red/report.json"],
    "a green triage": ["triage", STAGING / "day-1-green"],
    "a green plan": ["plan", STAGING / "day-1-green"],
    "a red triage with digests": ["triage", STAGING / "day-2-red", "--draft", "digest"],
}


@pytest.mark.parametrize("argv", LIGHT.values(), ids=LIGHT)
def test_the_sdk_is_loaded_only_to_ask_even_where_there_is_a_key(argv: list[object], tmp_path: Path) -> None:
    said = modules(argv, tmp_path, {"ANTHROPIC_API_KEY": "sk-ant-nobody-listens"})
    assert said == "[]"


def test_a_red_triage_without_a_key_does_not_load_the_sdk(tmp_path: Path) -> None:
    assert modules(["triage", STAGING / "day-2-red"], tmp_path, {}) == "[]"


def test_the_check_sees_the_sdk_where_it_is_loaded(tmp_path: Path) -> None:
    argv = ["draft", STAGING / "day-2-red/report.json", "--key", "ws.", "--show-prompt"]
    assert modules(argv, tmp_path, {}) == "['anthropic']"


def modules(argv: list[object], folder: Path, environ: dict[str, str]) -> str:
    """Which of the SDK's modules a command loaded, as a list in text."""
    code = (
        "import sys\nfrom triagebot.cli import main\n"
        f"try: sys.argv[1:] = {[str(arg) for arg in argv]!r}; main()\n"
        "finally: print([m for m in ('anthropic',) if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=folder, env=environ
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()[-1]
