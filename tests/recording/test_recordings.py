"""The recordings are complete, neutral, and of the clients and cases that record.py knows. Nothing is recorded here."""

import json
import re
import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MESSAGES = HERE.parent / "data" / "messages"
RECORDED = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(MESSAGES.glob("*.json"))
}
CLIENTS = runpy.run_path(str(HERE / "record.py"))["CLIENTS"]
FIELDS = {
    "client",
    "version",
    "python",
    "case",
    "phase",
    "type",
    "message",
    "chain",
    "longrepr",
    "shortrepr",
    "kind_expected",
    "slots_expected",
    "source",
}


def test_every_client_that_record_knows_is_recorded_and_no_other():
    assert set(RECORDED) == set(CLIENTS)


@pytest.mark.parametrize("name", RECORDED)
def test_a_record_has_all_fields_and_its_exception_ends_its_chain(name):
    for record in RECORDED[name]:
        assert set(record) == FIELDS, record["case"]
        assert record["version"]
        assert (record["chain"][-1]["type"], record["chain"][-1]["message"]) == (
            record["type"],
            record["message"],
        )
        assert [link["link"] == "" for link in record["chain"]] == [False] * (len(record["chain"]) - 1) + [
            True
        ]
        assert record["source"].startswith("recorded")


@pytest.mark.parametrize("name", RECORDED)
def test_a_case_is_recorded_once_and_stands_in_the_file_of_cases(name):
    cases = [record["case"] for record in RECORDED[name]]
    assert len(set(cases)) == len(cases)
    written = (HERE / "cases" / f"{CLIENTS[name].cases}.py").read_text(encoding="utf-8")
    assert all(f"def test_{case.partition('[')[0]}(" in written for case in cases)


@pytest.mark.parametrize("name", RECORDED)
def test_the_version_pinned_is_the_version_recorded(name):
    pinned = [each.partition("==")[2] for each in CLIENTS[name].requirements if "==" in each]
    versions = sorted({record["version"] for record in RECORDED[name]})
    assert versions == pinned if pinned else len(versions) == 1


FOREIGN = re.compile(r"/root/|\.pyenv|/home/(?!runner/)|pytest-of-(?!runner)|/usr/local/lib/python")


@pytest.mark.parametrize("name", RECORDED)
def test_no_text_shows_the_machine_that_recorded_it(name):
    text = (MESSAGES / f"{name}.json").read_text(encoding="utf-8")
    assert FOREIGN.findall(text) == []
