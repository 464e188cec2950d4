"""What our workflows, our Action and our examples use: pinned, versioned, fresh, and running on today's runners."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for folder in (ROOT / ".github", ROOT / "examples")
    for path in sorted(folder.rglob("*.yml"))
    if "uses:" in path.read_text("utf-8")
]
FIRST_ON_NODE24 = {
    "actions/checkout": (5,),
    "actions/setup-python": (6,),
    "actions/upload-artifact": (6,),  # 5 "supports" node24 and still declares node20
    "actions/download-artifact": (7,),  # so do 5 and 6
    "actions/upload-pages-artifact": (5,),  # a composite; 5 is the first on upload-artifact 7
    "actions/deploy-pages": (5,),
    "astral-sh/setup-uv": (7,),
    "github/codeql-action/init": (4,),
    "github/codeql-action/analyze": (4,),
    "pypa/gh-action-pypi-publish": (1, 14, 1),  # a composite that used setup-python 5 before
}
"""The first versions whose action.yml declares node24; GitHub took node20 off its runners in September 2026."""
OURS = {"./", "OWNER/triagebot@0000000000000000000000000000000000000000"}
# `uses:` with what it names and what a comment says of it.
USES = re.compile(r"^[ -]{0,40}uses: {1,4}(\S{1,200})(?: {1,4}# (.{1,200}))?$", re.MULTILINE)
PINNED = re.compile(r"([\w.-]{1,60}(?:/[\w.-]{1,60}){1,4})@([0-9a-f]{40})")


def complaints(text):
    """What is wrong with what a workflow uses."""
    found = []
    for used, comment in USES.findall(text):
        if used in OURS:
            continue
        pin = PINNED.fullmatch(used)
        version = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)", comment)
        if not pin:
            found.append(f"{used}: not a full SHA")
        elif not version:  # dependabot moves a version only where nothing follows it
            found.append(f"{used}: no version alone in the comment, but {comment!r}")
        elif pin[1] not in FIRST_ON_NODE24:
            found.append(f"{pin[1]}: nobody noted which version declares node24")
        elif tuple(map(int, version.groups())) < FIRST_ON_NODE24[pin[1]]:
            found.append(f"{pin[1]} {comment} declares node20")
    return found


@pytest.mark.parametrize("path", [ROOT / "action.yml", *FILES], ids=lambda path: path.name)
def test_everything_used_is_pinned_with_its_version_and_runs_on_todays_runners(path):
    text = path.read_text("utf-8")
    assert USES.findall(text)
    assert complaints(text) == []


SHA = "0123456789abcdef" * 2 + "01234567"


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ("actions/checkout@v7", "not a full SHA"),
        ("actions/checkout@main", "not a full SHA"),
        (f"actions/checkout@{SHA[:12]} # v7.0.1", "not a full SHA"),
        (f"actions/checkout@{SHA}", "no version"),
        (f"actions/checkout@{SHA} # v7", "no version"),
        (f"actions/checkout@{SHA} # v7.0.1 for the config", "no version"),
        (f"actions/checkout@{SHA} # v4.3.0", "node20"),
        (f"actions/setup-python@{SHA} # v5.6.0", "node20"),
        (f"actions/upload-artifact@{SHA} # v5.0.0", "node20"),
        (f"actions/download-artifact@{SHA} # v6.0.0", "node20"),
        (f"astral-sh/setup-uv@{SHA} # v6.8.0", "node20"),
        (f"github/codeql-action/init@{SHA} # v3.30.0", "node20"),
        (f"pypa/gh-action-pypi-publish@{SHA} # v1.14.0", "node20"),
        (f"some/action@{SHA} # v1.0.0", "nobody noted"),
    ],
)
def test_a_moving_old_or_unknown_action_is_refused(used, words):
    [complaint] = complaints(f"    steps:\n      - uses: {used}\n")
    assert words in complaint


def test_one_version_has_one_sha_wherever_it_is_used():
    texts = [path.read_text("utf-8") for path in (ROOT / "action.yml", *FILES)]
    pins = {
        (PINNED.fullmatch(used)[1].removesuffix("/init").removesuffix("/analyze"), version, used[-40:])
        for text in texts
        for used, version in USES.findall(text)
        if used not in OURS
    }
    assert len({name for name, _, _ in pins}) == len(pins)


def test_dependabot_looks_at_every_folder_that_uses_actions():
    [update] = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))["updates"]
    assert update["package-ecosystem"] == "github-actions"
    looked_at = {ROOT / folder.strip("/") for folder in update["directories"]}
    looked_at.add(ROOT / ".github/workflows")  # what "/" means beside an action.yml there
    assert {path.parent for path in (ROOT / "action.yml", *FILES)} <= looked_at
