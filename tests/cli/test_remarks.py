"""What a service said of itself reaches the step summary without secrets."""

import io
from datetime import UTC, datetime

from tests.action.test_told import done, match
from triagebot.cli.output import actions
from triagebot.cli.process import Process
from triagebot.config import Config

VALUE = "umbrella-velvet-9917-canyon"


def test_a_remark_in_the_summary_holds_no_secret(tmp_path) -> None:
    summary = tmp_path / "summary.md"
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "DEPLOY_TOKEN": VALUE}
    now = datetime(2026, 11, 20, tzinfo=UTC)
    process = Process(environ, lambda: now, tmp_path, io.BytesIO(), io.StringIO(), io.StringIO())
    actions.report(process, done(match("new")), Config(), remark=f"GitHub refused: bad credentials {VALUE}")
    assert "bad credentials" in summary.read_text()
    assert VALUE not in summary.read_text()
