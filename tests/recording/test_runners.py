"""The reports of runners are complete, small and neutral, and what is expected of them stands in them."""

import html
import json
import re
from pathlib import Path

import pytest

RUNNERS = Path(__file__).parent.parent / "data" / "runners"
TOOLS = sorted(path.name for path in RUNNERS.iterdir() if path.is_dir())
MADE = "made after the documentation, not recorded"
OUTCOMES = {"passed", "failed", "error", "skipped", "flaky"}
FOREIGN = re.compile(
    r"/root/|\.pyenv|/home/(?!runner\b)|pytest-of-(?!runner)|/tmp/(?!suite/)|10\.255\.|registry\."
)


def _read(tool, name):
    return json.loads((RUNNERS / tool / f"{name}.json").read_text(encoding="utf-8"))


def _files(tool):
    return [path for path in (RUNNERS / tool).rglob("*") if path.is_file()]


def _text(path):
    """What a report says, without the escapes of its format and without colour."""
    if path.is_dir():
        return "\n".join(_text(each) for each in sorted(path.iterdir()))
    text = path.read_text(encoding="utf-8")
    if path.suffix in {".json", ".ndjson"}:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        text = text.replace(r"\n", "\n").replace(r"\/", "/").replace(r"\"", '"').replace(r"\\", "\\")
    if path.suffix in {".xml", ".trx"}:
        text = html.unescape(text)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_folder_says_where_its_reports_come_from(tool):
    provenance = _read(tool, "provenance")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", provenance["date"])
    if provenance["source"] == "recorded":
        assert provenance["versions"]
        assert provenance["commands"]
        assert provenance["platform"]
    else:
        assert provenance["source"].startswith(MADE)
        assert provenance["documentation"]


@pytest.mark.parametrize("tool", TOOLS)
def test_every_report_has_its_format_and_totals_and_no_report_is_unnamed(tool):
    reports = _read(tool, "expected")["reports"]
    for report in reports.values():
        assert report["format"]
        assert set(report["totals"]) == OUTCOMES
    named = {RUNNERS / tool / name for name in reports}
    beside = {RUNNERS / tool / f"{name}.json" for name in ("expected", "provenance")}
    assert [p for p in _files(tool) if p not in named | beside and not named.intersection(p.parents)] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_expected_stands_in_every_report_that_it_is_expected_of(tool):
    expected = _read(tool, "expected")
    texts = {name: _text(RUNNERS / tool / name) for name in expected["reports"] if not name.endswith(".zip")}
    missing = [
        (name, case["name"], error)
        for case in expected["failures"] + expected["flaky"]
        for name in case.get("reports", texts)
        if name in texts
        for error in [case.get("errors", {}).get(name, case.get("error", ""))]
        if error not in texts[name]
    ]
    assert missing == []


@pytest.mark.parametrize("tool", TOOLS)
def test_recordings_are_small_and_show_nothing_of_the_machine(tool):
    for path in _files(tool):
        assert path.stat().st_size < 80_000, path
        if path.suffix != ".zip":
            assert FOREIGN.findall(path.read_text(encoding="utf-8")) == [], path


def test_all_recordings_together_stay_below_four_megabytes():
    assert sum(path.stat().st_size for tool in TOOLS for path in _files(tool)) < 4_000_000
