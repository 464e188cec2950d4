"""What a command loads: `group` and `--help` stay light, because they run where nothing else is wanted."""

import subprocess
import sys

import pytest

from tests.cli.conftest import STAGING

HEAVY = ("anthropic", "github", "sqlalchemy", "requests", "httpx2", "jinja2", "pydantic")


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["group", "--help"],
        ["group", str(STAGING / "day-2-red/report.json"), "--json"],
        ["group", str(STAGING / "day-2-red/junit.xml")],
        ["explain", str(STAGING / "day-2-red/report.json")],
    ],
)
def test_group_explain_and_help_import_no_client(argv: list[str]) -> None:
    code = (
        "import sys\nfrom triagebot.cli import main\n"
        f"try: sys.argv[1:] = {argv!r}; main()\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
