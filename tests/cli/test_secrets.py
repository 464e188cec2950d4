"""Secrets planted wherever a run can carry them, and every output searched for them: as they are, in base64, URL-encoded.

Planted: values of secret-named variables of the job, and tokens of known shapes, in messages, tracebacks, captured output,
service logs, parameters of tests, names of files, ids and addresses of the run.
"""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.cli.analyst import analyst, evidence
from tests.cli.conftest import Command
from tests.models.stub import serving

VALUES = {
    "DEPLOY_TOKEN": "harbour+lantern/Quiet=42~Moss",
    "DB_PASSWORD": "Tr0ub4dor&3 correct horse",
    "SESSION_SECRET": "umbrella-velvet-9917-canyon",
    "ANTHROPIC_API_KEY": "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0",
    "GITHUB_TOKEN": "ghs_" + "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0Pp9Oo8",
}
SHAPED = {
    "github": "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
    "aws": "AKIA" + "QWERTYUIOPASDF23",
    "jwt": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWFkYQ",
    "slack": "xoxb-" + "123456789012-abcdefABCDEF",
}
SECRETS = {**VALUES, **SHAPED}


def base64_cores(secret: str) -> Iterator[str]:
    """What every base64 text that holds the secret has in it, at each of the three alignments, in both alphabets."""
    for before in range(3):
        data = b"\0" * before + secret.encode()
        whole = len(data) // 3 * 4
        core = b64encode(data).decode()[4 if before else 0 : whole]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def forms(secret: str) -> dict[str, str]:
    """The ways in which a secret can be written, by name."""
    cores = {f"base64 {at}": core for at, core in enumerate(base64_cores(secret))}
    return {
        "as it is": secret,
        "as JSON": json.dumps(secret)[1:-1],
        "as XML": escape(secret),
        "URL-encoded": quote(secret, safe=""),
        **cores,
    }


def leaks(text: str) -> list[str]:
    """What is found of the planted secrets in an output."""
    plain = text.replace("\u200b", "").replace("\\u0040", "@")
    return [
        f"{name} {how}"
        for name, secret in SECRETS.items()
        for how, form in forms(secret).items()
        if form in plain
    ]


def everywhere() -> str:
    """Every secret in every form that a log can hold."""
    lines = []
    for name, secret in SECRETS.items():
        if name in VALUES:
            lines += [
                f"{name} basic {b64encode((pad + secret).encode()).decode()}" for pad in ("", "a", "ab")
            ]
        lines += [f"{name} is {secret}", f"{name} url {quote(secret, safe='')}", json.dumps({"said": secret})]
    return "\n".join(lines)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder of reports and a log with secrets at every place."""
    folder = tmp_path / "in"
    folder.mkdir()
    cases = []
    for at, secret in enumerate(SECRETS.values()):
        text = f"shop.errors.LoginError{at}: refused {secret} for ada\n{everywhere()}"
        cases.append(
            f"<testcase classname={quoteattr('tests.test_login')} name={quoteattr(f'test_login[{secret}]')} time='1.5'>"
            f"<failure message={quoteattr(f'LoginError{at}: refused {secret}')}>{escape(text)}</failure>"
            f"<system-out>{escape(everywhere())}</system-out></testcase>"
        )
        cases.append(
            f"<testcase classname='tests.test_ok' name={quoteattr(f'test_ok[{secret}]')} time='1.0'/>"
        )
    suite = f"<testsuite name={quoteattr(SHAPED['github'])} hostname={quoteattr(SHAPED['aws'])}>{''.join(cases)}</testsuite>"
    (folder / f"junit-{SHAPED['github']}.xml").write_text(suite)
    (folder / f"junit-{VALUES['SESSION_SECRET']}.xml").write_text("<testsuite><testcase")
    (tmp_path / f"service-{SHAPED['slack']}.log").write_text(
        "\n".join(
            f"2026-11-20T10:00:0{at}Z ERROR shop {line}"
            for at, line in enumerate(everywhere().splitlines()[:9])
        )
        + "\n"
        + everywhere()
    )
    return folder


def run_options() -> list[str]:
    """What is said of the run on the command line, with secrets in it."""
    return [
        "--run-id", f"run-{SHAPED['github']}",
        "--run-url", f"https://ada:{VALUES['SESSION_SECRET']}@ci.example/run?token={SHAPED['jwt']}",
        "--branch", f"fix-{SHAPED['slack']}",
        "--environment", f"staging-{VALUES['SESSION_SECRET']}",
        "--revision", f"r-{SHAPED['aws']}",
    ]  # fmt: skip


def talkative(handler, body) -> None:
    """An answer that tells a secret it was never shown, and quotes lines with placeholders."""
    assert evidence(body)

    def tell(held) -> None:
        held["actions"][0]["step"] = f"Log in with {SHAPED['github']} and {VALUES['SESSION_SECRET']}."

    analyst(tell)(handler, body)


def test_a_search_finds_what_is_planted(planted: Path) -> None:
    """The search itself can fail: every form of every secret is found in the reports."""
    found = leaks("".join(path.read_text() for path in planted.iterdir()))
    assert set(SECRETS) == {entry.split(" ")[0] for entry in found}
    assert {f"{name} URL-encoded" for name in SECRETS} <= set(found)
    assert all(sum(entry.startswith(f"{name} base64") for entry in found) >= 3 for name in VALUES)


def test_no_output_of_any_verb_holds_a_secret(triagebot: Command, planted: Path, tmp_path: Path) -> None:
    told: dict[str, str] = {}

    def call(name: str, *argv: object, expect: int = 0, **held) -> None:
        said = triagebot(*argv, environ=environ, **held)
        assert said.code == expect, said.err
        told[f"{name}: standard output"], told[f"{name}: standard error"] = said.out, said.err

    with serving(talkative) as stub:
        summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
        environ = {**VALUES, "ANTHROPIC_BASE_URL": stub.url}
        log = next(tmp_path.glob("service-*.log"))
        run = run_options()
        call("group", "group", planted, *run)
        call("group --json", "group", planted, *run, "--json")
        call("explain", "explain", planted, *run)
        call("explain --json", "explain", planted, *run, "--json")
        key = json.loads(told["group --json: standard output"])["groups"][0]["key"]
        drafting = ("draft", planted, "--key", key, "--logs", log, *run)
        call("draft --show-prompt", *drafting, "--show-prompt")
        call("draft", *drafting)
        call("draft --json", *drafting, "--json")
        call("plan", "plan", planted, "--logs", log, *run, "-o", "plan.json")
        call("plan --json", "plan", planted, *run, "--json")
        call("dry run", "triage", planted, *run, "--dry-run")
        environ |= {
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(outputs),
        }
        call("apply", "apply", "plan.json", "--tracker", "local")
        call("apply --json", "apply", "plan.json", "--tracker", "local", "--json")
        again = ("--run-id", f"second-{SHAPED['github']}", "--tracker", "local", "--out", "out")
        call("triage", "triage", planted, "--logs", log, *run, *again)
        call("triage --json", "triage", planted, *run, *again[:-2], "--json")
        call("issues list", "issues", "list", "--all")
        call("issues list --json", "issues", "list", "--all", "--json")
        for number in range(1, 9):
            call(f"issues show {number}", "issues", "show", number)
            call(f"issues show {number} --json", "issues", "show", number, "--json")
        call("a key that is none", "explain", planted, "--key", SHAPED["github"], expect=1)
        call("a report that is none", "triage", f"{SHAPED['github']}.xml", expect=1)
        told["requests to the model"] = json.dumps(stub.bodies, ensure_ascii=False)
    told["the plan file"] = (tmp_path / "plan.json").read_text()
    told["the step summary"] = summary.read_text()
    told["the step outputs"] = outputs.read_text()
    told |= {
        f"--out {path.name}": path.name + path.read_text()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    told["the database"] = (tmp_path / ".triagebot/triagebot.db").read_bytes().decode("utf-8", "replace")
    assert stub.asked and len(told) > 40
    assert {where: found for where, text in told.items() if (found := leaks(text))} == {}


def test_a_run_with_secrets_in_its_names_is_known_again_and_its_tests_too(
    triagebot: Command, planted: Path, tmp_path: Path
) -> None:
    """Names without secrets are the same in every command, whatever else was redacted before them."""
    database = tmp_path / ".triagebot/triagebot.db"

    def tests() -> set[str]:
        with sqlite3.connect(database) as connection:
            return {test for (test,) in connection.execute("select distinct test from results")}

    run = run_options()
    first = triagebot("triage", planted, *run, environ=VALUES)
    names = tests()
    again = triagebot("triage", planted, *run[2:], *run[:2], environ=VALUES)
    assert "opened" in first.out
    assert "Nothing to change" in again.out
    assert triagebot("triage", planted, "--run-id", "another", environ=VALUES).code == 0
    assert tests() == names
    assert len(names) == 2 * len(SECRETS), "secrets that differ make tests that differ"
