"""Five hundred secrets as test runs print them, planted in every text of a report; every output of every verb is searched for them.

Each output is searched for each secret as it stands, URL-encoded, HTML-escaped, JSON-escaped, in hex, and in base64 at every
alignment; what wraps lines or breaks tokens for display is undone first.
"""

import html
import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from tests.cli.conftest import Command
from tests.redact.shapes import SHAPES
from triagebot.redact import vendors

SHORTEST = 8
"""Characters of a secret from which on finding it says that it leaked; a shorter one stands in innocent text, too."""

PLANTED = [
    shape
    for shape in SHAPES[::2]  # half of them keep the gate quick; all of them leak nothing either
    if vendors._scanner()
    or not shape.name.startswith("vendor")  # where it has no wheels, our own rules stand alone
]


def forms(secret: str) -> set[str]:
    """The ways in which an output may write a secret."""
    raw = secret.encode()
    cores = {b64encode(b"\0" * n + raw).decode()[4 if n else 0 : (n + len(raw)) // 3 * 4] for n in range(3)}
    return {
        secret,
        quote(secret, safe=""),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        raw.hex(),
        *cores,
        *(core.replace("+", "-").replace("/", "_") for core in cores),
    }


FORMS = {
    form: shape.secret for shape in PLANTED if len(shape.secret) >= SHORTEST for form in forms(shape.secret)
}


def leaks(text: str) -> dict[str, str]:
    """The secrets that stand in an output, and how."""
    plain = text.replace("\u200b", "").replace("\\u0040", "@").replace("\\u002d", "-").replace("\\_", "_")
    return {secret: form for form, secret in FORMS.items() if form in plain}


def junit(folder: Path) -> None:
    """A report in which each shape stands in a message, a traceback and captured output of a test of its own."""
    cases = []
    for number, shape in enumerate(PLANTED):
        text = xml_text(shape.text)
        cases.append(
            f"<testcase classname='tests.test_shapes' name='test_{number}' time='1'>"
            f"<failure message={quoteattr(f'Refused{number}Error: {text}')}>"
            f"{escape(f'    def test_{number}():{chr(10)}>       login(){chr(10)}E       Refused{number}Error: {text}')}</failure>"
            f"<system-out>{escape(text)}</system-out><system-err>{escape(text)}</system-err></testcase>"
        )
    (folder / "junit.xml").write_text(
        f"<testsuite tests='{len(cases)}' failures='{len(cases)}'>{''.join(cases)}</testsuite>", "utf-8"
    )


def xml_text(text: str) -> str:
    """A text as JUnit can hold it: pytest spells what XML forbids as `#x1B`."""
    return "".join(c if c in "\t\n\r" or ord(c) >= 32 else f"#x{ord(c):02X}" for c in text)


def test_the_search_finds_every_shape_that_is_planted(tmp_path: Path) -> None:
    junit(tmp_path)
    found = leaks(html.unescape((tmp_path / "junit.xml").read_text("utf-8")))
    assert len(found) > 0.95 * len(set(FORMS.values()))
    assert len(PLANTED) >= 200


def test_no_output_of_any_verb_holds_a_secret_of_any_shape(triagebot: Command, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    junit(folder)
    (tmp_path / "service.log").write_text("\n".join(shape.text for shape in PLANTED), "utf-8")
    (tmp_path / "triagebot.toml").write_text("[limits]\nbreaker = 100000\n[storms]\nnew_keys = 100000\n")
    told: dict[str, str] = {}
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    actions = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)}

    def call(name: str, *argv: object, environ: dict[str, str] | None = None) -> None:
        said = triagebot(*argv, "--config", "triagebot.toml", environ=environ or {})
        assert said.code == 0, said.err
        told[f"{name}: standard output"], told[f"{name}: standard error"] = said.out, said.err

    call("group --json", "group", folder, "--json")
    call("group", "group", folder)
    call("explain", "explain", folder)
    call("explain --json", "explain", folder, "--json")
    keys = [group["key"] for group in json.loads(told["group --json: standard output"])["groups"]]
    assert len(keys) > 150
    for key in keys[::40]:
        call(f"prompt {key}", "draft", folder, "--key", key, "--logs", "service.log", "--show-prompt")
        call(f"draft {key}", "draft", folder, "--key", key, "--logs", "service.log", "--json")
    call("plan", "plan", folder, "-o", "plan.json", "--tracker", "local")
    call("triage", "triage", folder, "--tracker", "local", "--out", "out", environ=actions)
    shown = triagebot("issues", "list", "--all", "--json")
    told["issues list"] = shown.out
    told["the plan file"] = (tmp_path / "plan.json").read_text("utf-8")
    told["the step summary"], told["the step outputs"] = (
        summary.read_text("utf-8"),
        outputs.read_text("utf-8"),
    )
    told |= {f"--out {p.name}": p.read_text("utf-8") for p in (tmp_path / "out").rglob("*") if p.is_file()}
    told["the database"] = (tmp_path / ".triagebot/triagebot.db").read_bytes().decode("utf-8", "replace")
    assert len(told) > 150, "the issues were written"
    assert {where: found for where, text in told.items() if (found := leaks(text))} == {}
