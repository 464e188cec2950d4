"""What stands beside reports and is none is called by its name."""

import pytest

from triagebot.reports import parse

FOREIGN = [
    ('{\n  "status": "failed",\n  "failedTests": ["a-b"]\n}', "Playwright's .last-run.json"),
    ('{"meta": {"format": 3, "branch_coverage": true}, "files": {}}', "a coverage report of coverage.py"),
    ('{"/a.js": {"path":"/a.js","statementMap":{"0":{}}}}', "a coverage report of Istanbul"),
    ('{"total": {"lines":{"total":5,"covered":4}}}', "a coverage report of Istanbul"),
    ('<?xml version="1.0" ?>\n<coverage version="7.6" line-rate="0.9">', "a coverage report (Cobertura, Clover)"),
    ('<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="a"/>', "a coverage report of JaCoCo"),
    ("TN:\nSF:src/a.js\nDA:1,1\n", "a coverage report (lcov)"),
    ("mode: set\nexample.com/a/b.go:3.2,4.5 1 1\n", "a coverage profile of Go"),
    ('{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[]}', "findings of a linter (SARIF)"),
    ('[{"filePath":"/a.js","messages":[]}]', "findings of ESLint"),
    ('<?xml version="1.0"?><checkstyle version="4.3"/>', "findings of a linter (Checkstyle)"),
    ('{"lighthouseVersion": "12.0.0", "audits": {}}', "a report of Lighthouse"),
    ('{"auditReportVersion": 2}', "a report of npm audit"),
    ('{"log": {"version": "1.2", "entries": []}}', "an HTTP archive (HAR)"),
    ('{"name": "shop", "version": "1.0.0"}', "a package.json"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tool"), FOREIGN, ids=[tool for _, tool in FOREIGN])
def test_a_foreign_tools_file_is_named_as_that(text, tool):
    report = parse("x", text.encode())
    assert [p.reason for p in report.problems] == [f"{tool}, no report of tests"]
    assert not report.readable


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_text_that_is_no_report_says_so_in_any_encoding(encoding):
    report = parse("x", "the quick brown fox\njumps over\n".encode(encoding))
    assert report.problems[-1].reason.startswith(
        "text, no report; if it is one, name its format with --format"
    )
