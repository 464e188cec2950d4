"""What was not redacted cannot be shown: the type checker refuses it."""

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
HEAD = """
from triagebot.markdown import inline, plain
from triagebot.redact import Fact, Redactor, Unredacted, fact
from triagebot.reports import Context, Report
from triagebot.reports.formats import FORMATS
from triagebot.reports.decoding import read_text
raw: Unredacted[str] = Unredacted("text")
sealed = FORMATS["junit-xml"].read(read_text("a", b""))
"""
REFUSED = {
    "raw text in a line of Markdown": "inline(raw)",
    "raw text in a title": "plain(raw)",
    "the cases of a report as its reader made it": "sealed.cases",
    "a report as its reader made it as a report": "report: Report = sealed",
    "an option as a fact of the run": 'Context(environment="staging")',
}
ACCEPTED = {
    "text without secrets": "inline(raw.redacted_by(Redactor().text))",
    "an option that became a fact": 'Context(environment=fact("staging", Redactor()))',
}


@pytest.mark.parametrize("name", [*REFUSED, *ACCEPTED])
def test_the_type_checker_says(name: str, tmp_path: Path) -> None:
    file = tmp_path / "shown.py"
    file.write_text(f"{HEAD}{(REFUSED | ACCEPTED)[name]}\n")
    told, _, code = api.run(
        ["--config-file", str(ROOT / "pyproject.toml"), "--follow-imports", "silent", str(file)]
    )
    assert (code != 0) == (name in REFUSED), told
    if name in REFUSED:
        assert "shown.py:9: error" in told, told
