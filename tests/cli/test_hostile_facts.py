"""Facts of a run are outside text: whatever they hold, no output is steered by them, and no path of this machine is told."""

import json
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.cli.conftest import Command

HOSTILE = {
    "colour": "\x1b[31mHOSTILE\x1b[0m",
    "window title": "\x1b]0;HOSTILE\x07",
    "eight-bit escape": "\x9b31mHOSTILE",
    "right to left": "\u202eHOSTILE\u2066",
    "hidden": "HOS\u200bTILE\ufeff\U000e0041",
    "workflow command": "::error title=HOSTILE::x",
    "older workflow command": "##[error]HOSTILE",
    "second line": "staging\n::error::HOSTILE",
    "carriage return": "staging\r::error::HOSTILE",
    "line separator": "staging\u2028::error::HOSTILE",
    "end of an output": "x\nghadelimiter\nHOSTILE=1",
    "lone surrogate": "HOSTILE\ud800",
    "null": "HOSTILE\0",
}
# What no stream may carry: C0 without line feed, C1, bidi controls, hidden characters other than our own U+200B, surrogates.
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# A line that the Actions runner would obey, other than those that we write.
COMMAND = re.compile(
    r"^(?:::(?!(?:error|warning|notice|stop-commands|add-mask|\w{32}::)).*|::error::.*|::error title=HOSTILE::x$|##\[.*)",
    re.MULTILINE,
)

FACTS = ("environment", "branch", "commit", "revision")


def pytest_json(folder: Path, text: str) -> list[str]:
    report = {
        "created": 1763640000.0,
        "exitcode": 1,
        "root": f"/home/runner/{text}",
        "environment": {"Plugins": {text: text}, **dict.fromkeys(FACTS, text)},
        "summary": {"failed": 1, "total": 1},
        "tests": [
            {
                "nodeid": f"tests/test_a.py::test_a[{text}]",
                "outcome": "failed",
                "call": {
                    "outcome": "failed",
                    "longrepr": f"E   ValueError: {text}",
                    "crash": {"message": text},
                },
            }
        ],
        "triagebot": dict.fromkeys(FACTS, text),
    }
    (folder / "report.json").write_text(json.dumps(report))
    return []


def junit(folder: Path, text: str) -> list[str]:
    text = "".join(c for c in text if c in "\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    properties = "".join(
        f"<property name={quoteattr(name)} value={quoteattr(text)}/>"
        for name in (*FACTS, f"triagebot.{FACTS[0]}")
    )
    (folder / "report.xml").write_text(
        f"<testsuite tests='1' failures='1' hostname={quoteattr(text)}><properties>{properties}</properties>"
        f"<testcase classname='tests.test_a' name={quoteattr(text)}><failure message={quoteattr(text)}/></testcase></testsuite>",
        "utf-8",
    )
    return []


def options(folder: Path, text: str) -> list[str]:
    pytest_json(folder, "plain")
    given = text.replace("\0", "").replace("\ud800", "")
    named = [part for name in FACTS for part in (f"--{name}", given)]
    return [*named, "--run-url", given, "--run-id", given, "--leg", given]


@pytest.mark.parametrize("channel", [pytest_json, junit, options])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_output_is_steered_by_a_fact(channel, name: str, triagebot: Command, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    given = channel(folder, HOSTILE[name])
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)}
    told: dict[str, str] = {}
    for verb, *more in (
        ["group"], ["group", "--json"], ["explain"], ["plan", "--tracker", "local", "-o", "plan.json"],
        ["triage", "--tracker", "local", "--out", "out"], ["triage", "--tracker", "local", "--json"],
    ):  # fmt: skip
        said = triagebot(verb, folder, *given, *more, environ=environ)
        assert said.code == 0, said.err
        told[f"{verb} {more}: out"], told[f"{verb} {more}: err"] = said.out, said.err
    for verb in (["issues", "list"], ["issues", "show", "1"]):
        told[" ".join(verb)] = triagebot(*verb).out
    told["summary"], told["outputs"] = summary.read_text("utf-8"), outputs.read_text("utf-8")
    told |= {p.name: p.read_text("utf-8") for p in (tmp_path / "out").rglob("*") if p.is_file()}
    told["plan"] = (tmp_path / "plan.json").read_text("utf-8")
    assert {where: found[0] for where, text in told.items() if (found := STEERING.findall(text))} == {}
    streams = {where: text for where, text in told.items() if where.endswith((": out", ": err"))}
    assert {where: found[0] for where, text in streams.items() if (found := COMMAND.findall(text))} == {}
    assert "HOSTILE=1" not in told["outputs"].splitlines()


def test_no_output_names_a_path_of_this_machine(triagebot: Command, tmp_path: Path) -> None:
    """Reports and logs that lie outside of the workspace are named without the folders above them."""
    far = tmp_path.parent / f"{tmp_path.name}-far" / "deep" / "down"
    far.mkdir(parents=True)
    pytest_json(far, "plain")
    (far / "broken.xml").write_text("<testsuite><testcase")
    (far / "service.log").write_text("2025-11-20T12:00:00Z ERROR pool exhausted\n")
    (tmp_path / "near.log").write_text("2025-11-20T12:00:01Z ERROR pool exhausted again\n")
    logs = ["--logs", far / "service.log", "--logs", tmp_path / "near.log"]
    key = json.loads(triagebot("group", far, "--json").out)["groups"][0]["key"]
    told = {
        "prompt": triagebot("draft", far, "--key", key, *logs, "--show-prompt").out,
        "draft": triagebot("draft", far, "--key", key, *logs).out,
        "group": triagebot("group", far).out,
        "json": triagebot("group", far, "--json").out,
        "triage": triagebot("triage", far, *logs, "--out", "out").out,
        "issue": triagebot("issues", "show", "1").out,
        "pages": "".join(p.read_text() for p in (tmp_path / "out").rglob("*") if p.is_file()),
    }
    assert "service.log" in told["prompt"]
    assert "near.log" in told["prompt"]
    assert {where for where, text in told.items() if str(tmp_path.parent) in text} == set()
