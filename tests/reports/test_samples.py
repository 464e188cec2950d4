"""Every sample in tests/data, read and compared with its golden: what a real tool wrote, and what we make of it."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from triagebot.reports import Context, merge, parse

DATA = Path(__file__).parent.parent / "data"
SAMPLES = [
    path
    for folder in ("pytest", "others", "damaged")
    for path in sorted((DATA / folder).iterdir())
    if not path.name.endswith(".golden.json")
]


def _shown(path: Path) -> str:
    report = parse(path.name, path.read_bytes())
    run = merge([report], Context(run_id="run"))
    value = {
        "run": _without_peace(asdict(replace(run, cases=(), problems=()), dict_factory=_told)),
        "report": _without_peace(asdict(replace(report, sha256=""), dict_factory=_told)),
    }
    return json.dumps(value, indent=1, default=str, ensure_ascii=False) + "\n"


def _told(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object without what only some formats have."""
    value = dict(pairs)
    rare = {"attachments", "project", "job", "traces", *({"leg"} if "phase" in value else ())}
    return {name: held for name, held in pairs if held or name not in rare}


def _without_peace(value: dict[str, object]) -> dict[str, object]:
    """The value without what is the same in nearly every sample: nothing doubted, something ran, no gate."""
    return {name: held for name, held in value.items() if held or name not in {"doubted", "idle", "gated"}}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sample_is_read_as_its_golden_says(path, golden):
    golden(path.with_name(path.name + ".golden.json"), _shown(path))


def test_no_golden_has_lost_its_sample():
    goldens = {path.name.removesuffix(".golden.json") for path in DATA.glob("*/*.golden.json")}
    assert goldens <= {path.name for path in SAMPLES}


def test_texts_of_every_sample_can_be_encoded():
    for path in SAMPLES:
        _shown(path).encode("utf-8")
