"""What is no bug of ours ends with one clear line and code 1 (2 for usage), whatever the verb: bytes of no text, places
that are full, addresses that are none, plans with a broken part, files that are no files.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import STAGING, Command, Said

RED = STAGING / "day-2-red/report.json"
VERBS = {
    "triage": ["triage", RED, "--tracker", "local", "--draft", "digest"],
    "plan": ["plan", RED, "--tracker", "local", "--draft", "digest"],
    "group": ["group", RED],
    "explain": ["explain", RED],
    "draft": ["draft", RED, "--key", "none"],
    "sweep": ["sweep", "--tracker", "local"],
    "doctor": ["doctor", "--tracker", "local"],
    "issues": ["issues", "list"],
    "config": ["config", "check"],
    "apply": ["apply", "plan.json", "--tracker", "local"],
}
ON_GITHUB = {
    verb: [*VERBS[verb][: 2 if verb in ("triage", "plan", "apply") else 1], "--tracker", "github"]
    for verb in ("triage", "plan", "sweep", "doctor", "apply")
}
RAW = os.fsdecode(b"caf\xe9")
HUNGRY = {"GITHUB_TOKEN": "t" * 20, "GITHUB_REPOSITORY": "acme/shop"}


def check(said: Said, *words: str, code: tuple[int, ...] = (1,)) -> None:
    assert said.code in code, said.err
    assert "Traceback" not in said.err
    assert "bug in triagebot" not in said.err
    told = said.err + said.out
    for word in words:
        assert word in told, told
    if said.code == 1 and said.err:
        assert len(said.err.strip().splitlines()) <= 3, said.err


OPTIONS = [
    "--config",
    "--history",
    "--run-id",
    "--branch",
    "--out",
    "--logs",
    "--key",
    "-o",
    "--tracker",
    "--nonsense",
]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", OPTIONS)
def test_bytes_of_no_text_in_an_option(triagebot: Command, verb: str, option: str) -> None:
    check(triagebot(*VERBS[verb], option, RAW), r"caf\xe9", "not UTF-8")
    check(triagebot(*VERBS[verb], f"{option}={RAW}"), rf"{option}=caf\xe9", "not UTF-8")


@pytest.mark.parametrize("verb", VERBS)
def test_bytes_of_no_text_in_a_path(triagebot: Command, verb: str) -> None:
    check(triagebot(verb, RAW), r"caf\xe9", "not UTF-8")


OURS = [
    "GITHUB_TOKEN",
    "GITHUB_REPOSITORY",
    "GITHUB_REF_NAME",
    "GITHUB_API_URL",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_OUTPUT",
]
OURS += ["ANTHROPIC_API_KEY", "TRIAGEBOT_APP_ID", "INPUT_REPORTS", "COLUMNS", "RUNNER_TEMP"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", OURS)
def test_bytes_of_no_text_in_a_variable_that_is_used(triagebot: Command, verb: str, name: str) -> None:
    check(triagebot(*VERBS[verb], environ={name: RAW}), name, "not UTF-8")


@pytest.mark.parametrize("verb", VERBS)
def test_bytes_of_no_text_in_other_variables_do_no_harm(triagebot: Command, verb: str) -> None:
    plain = triagebot(*VERBS[verb])
    odd = triagebot(
        *VERBS[verb], environ={"HOME": RAW, "LC_ALL": RAW, "MY_PASSWORD": RAW + "abcdefgh", "TZ": RAW}
    )
    assert (odd.code, odd.err) == (plain.code, plain.err)


def test_reports_whose_names_are_bytes_of_no_text_are_read_in_folders(
    triagebot: Command, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{RAW}.json").write_bytes(RED.read_bytes())
    (tmp_path / "out" / f"{RAW}.xml").write_bytes(b"<testsuite><")
    for verb in ("group", "triage", "plan", "explain"):
        said = triagebot(verb, "out", "--json", *VERBS[verb][2:])
        assert said.code == 0, said.err
        assert json.loads(said.out)
        said.out.encode()


@pytest.mark.parametrize("columns", ["", "0", "abc", "-1", "1e9", "99999999999", "²", "80"])
def test_any_number_of_columns(triagebot: Command, columns: str) -> None:
    assert triagebot("group", RED, environ={"COLUMNS": columns}).code == 0


ADDRESSES = [
    "http://[",
    "http://[::1",
    "nonsense",
    "http://a b",
    "ftp://x",
    "http://h:99999",
    "http://h:port",
    "http://h:0",
    "http://",
    "//x",
]
ADDRESSES += [
    "http://h\x01",
    "http://h\n/x",
    "https://" + "a" * 300,
    "http://.",
    "http://h..x",
    "http://\u2603:1",
]


@pytest.mark.parametrize("verb", ["plan", "doctor", "apply"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_github_that_is_none(
    triagebot: Command, tmp_path: Path, verb: str, address: str
) -> None:
    plan_of_nothing(tmp_path)
    said = triagebot(*ON_GITHUB[verb], environ=HUNGRY | {"GITHUB_API_URL": address})
    check(said, "GITHUB_API_URL" if address in ADDRESSES[:12] else "")


HOMES = [
    "postgresql://[",
    "nonsense",
    "x://",
    "postgresql://u:s3cretpw@h:port/db",
    "postgresql://",
    "sqlite:////dev/full",
    "sqlite:////proc/x/y",
]
HOMES += [
    "mysql://a/b",
    "http://x",
    "branch:",
    "branch:a b",
    "branch:..",
    "oracle://x",
    "postgresql+foo://x",
    "sqlite:///.",
    "sqlite:///x?mode=zz&uri=true",
]
HOMES += [
    "postgresql://127.0.0.1:1/db",
    "postgresql://127.0.0.1/db?connect_timeout=x",
    "postgresql://h%00x/db",
    "sqlite:///%00",
    "sqlite:///a\nb/\0",
]


@pytest.mark.parametrize("verb", ["plan", "doctor"])
@pytest.mark.parametrize("home", HOMES)
def test_a_home_of_history_that_is_none(triagebot: Command, tmp_path: Path, verb: str, home: str) -> None:
    plan_of_nothing(tmp_path)
    said = triagebot(*VERBS[verb], "--history", home)
    assert "s3cretpw" not in said.err + said.out
    check(said, code=(0, 1))


@pytest.mark.parametrize("home", HOMES)
def test_a_home_of_history_that_is_none_stops_no_filing(triagebot: Command, home: str) -> None:
    said = triagebot(*VERBS["triage"], "--history", home)
    assert "Traceback" not in said.err
    assert said.code in (0, 1), said.err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the SDK's half-made client
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "ANTHROPIC_BASE_URL"])
@pytest.mark.parametrize("address", ["http://[", "socks9://x"])
def test_an_address_for_a_client_that_is_none(
    triagebot: Command, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    environ = HUNGRY | {"ANTHROPIC_API_KEY": "k" * 20, name: address, "GITHUB_API_URL": "http://127.0.0.1:9"}
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    check(triagebot(*ON_GITHUB["plan"], environ=environ))
    check(triagebot("plan", "artifacts:5", "--tracker", "local", environ=environ))
    check(triagebot("plan", RED, "--tracker", "local", "--draft", "claude", environ=environ), code=(0, 1))


def plan_of_nothing(folder: Path) -> None:
    (folder / "plan.json").write_text(
        json.dumps({"schema": 1, "run": "r", "changes": [], "held": [], "problems": []})
    )


ODD: list[object] = [
    None,
    7,
    -1,
    "",
    "x",
    [],
    {},
    [None],
    {"x": 1},
    True,
    1e308,
    "\ud800",
    "a" * 70_000,
    "<!-- triagebot {",
    [[]] * 3,
]
"""What may stand in the place of a value."""


def test_a_plan_with_a_broken_part(triagebot: Command, tmp_path: Path) -> None:
    """Every value of a real plan left out, and three others in its place."""
    assert triagebot(*VERBS["plan"], "-o", "good.json").code == 0
    good = json.loads((tmp_path / "good.json").read_text())
    good["changes"] = good["changes"][:1]
    tried = 0
    for place in places(good):
        for odd in [..., *random.Random(str(place)).sample(ODD, 3)]:
            (tmp_path / "plan.json").write_text(json.dumps(put(good, place, odd)))
            said = triagebot(*VERBS["apply"])
            assert said.code in (0, 1), (place, odd, said.err)
            assert "Traceback" not in said.err, (place, odd, said.err)
            assert said.code == 0 or said.err or said.out, (place, odd)
            (tmp_path / ".triagebot/triagebot.db").unlink(missing_ok=True)
            tried += 1
    assert tried > 60


def places(value: object) -> list[tuple[object, ...]]:
    """The way to every value inside."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, held in pairs for way in [(key,), *((key, *inner) for inner in places(held))]]


def put(value: object, place: tuple[object, ...], odd: object) -> object:
    """A copy with another value at that place, or none for `...`."""
    copy = json.loads(json.dumps(value))
    at = copy
    for key in place[:-1]:
        at = at[key]
    if odd is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = odd
    return copy


TEXTS = [
    b"",
    b"\xff",
    b"{",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"schema": 1}',
    b'{"schema": 99}',
    b"7",
    b"{}" * 2,
    b'{"schema": ' + b"9" * 5_000 + b"}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_plan_that_is_none(triagebot: Command, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(text)
    check(triagebot(*VERBS["apply"]), "plan.json")


@pytest.mark.parametrize(
    "make",
    [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)],
    ids=["pipe", "folder", "device"],
)
def test_a_plan_or_config_that_is_no_file(triagebot: Command, tmp_path: Path, make) -> None:
    make(tmp_path / "plan.json")
    check(triagebot(*VERBS["apply"]), "plan.json")
    for verb in ("triage", "plan", "group", "explain", "sweep"):
        check(triagebot(*VERBS[verb], "--config", "plan.json"), "plan.json")


def command(*argv: object, folder: Path, **streams: object) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own."""
    held: dict = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    main = "from triagebot.cli import main; main()"
    return subprocess.run([sys.executable, "-c", main, *map(str, argv)], cwd=folder, timeout=120, **held)


full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")


@full
@pytest.mark.parametrize("verb", ["triage", "group"])
def test_a_standard_output_that_is_full(tmp_path: Path, verb: str) -> None:
    with open("/dev/full", "wb") as device:
        said = command(*VERBS[verb], folder=tmp_path, stdout=device)
    assert (said.returncode, said.stderr.decode().count("\n")) == (1, 1), said.stderr
    assert b"output: No space left on device" in said.stderr


@full
@pytest.mark.parametrize("verb", ["group", "apply"])
def test_a_standard_error_that_is_full_changes_no_code_but_that_of_a_good_end(
    tmp_path: Path, verb: str
) -> None:
    with open("/dev/full", "wb") as device:
        said = command(*VERBS[verb], folder=tmp_path, stderr=device)
        both = command(*VERBS[verb], folder=tmp_path, stderr=device, stdout=device)
    assert (said.returncode, both.returncode) == (0 if verb == "group" else 1, 1)


@full
@pytest.mark.parametrize("verb", ["triage", "plan"])
@pytest.mark.parametrize("name", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_of_the_runner_that_is_full(triagebot: Command, verb: str, name: str) -> None:
    check(triagebot(*VERBS[verb], environ={"GITHUB_ACTIONS": "true", name: "/dev/full"}), "/dev/full")


@full
def test_a_plan_file_that_is_full(triagebot: Command) -> None:
    check(triagebot(*VERBS["plan"], "-o", "/dev/full"), "/dev/full")
