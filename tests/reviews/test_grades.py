"""A draft is graded by what its fix touched, and what people did with each of its steps."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.reviews.test_judgement import MARKER, WHYS, say, scene
from triagebot.drafts.model import Changes, Hunk
from triagebot.issues import Quote
from triagebot.plans.render import review_parts
from triagebot.redact import Fact
from triagebot.reviews.grades import grade

AT = datetime(2025, 9, 11, 10, tzinfo=UTC)
QUOTE = Quote("KeyError: 'AGENT_SERVICE_TOKEN'", "realtime/context.py:41")
ROOT = replace(WHYS[2], status="supported", quotes=(QUOTE,))
DRAFTED = replace(
    MARKER, whys=(*WHYS[:2], ROOT, WHYS[3]), drafted="model", drafted_at=AT, prompt="five_whys 3"
)


def fix(path, *lines, **more):
    return Changes("a", "b", (), (Hunk(path, "@@ -1 +1 @@", lines),), **more)


@pytest.mark.parametrize(
    "found, touched, name",
    [
        (fix("realtime/context.py", "+x = 1"), "yes", "realtime/context.py"),
        (fix("deploy.yml", "+  AGENT_SERVICE_TOKEN: x"), "yes", "agent_service_token"),
        (fix("deploy.yml", "   AGENT_SERVICE_TOKEN: x", "+ other: y"), "no", ""),
        (fix("deploy.yml", "+  AGENT_SERVICE_TOKENS: x"), "no", ""),
        (fix("docs/index.md", "+words"), "no", ""),
        (Hunk("realtime/context.py", "", ()), "yes", "context.py"),
        (Changes("a", "b", problem="unknown"), "cannot say", ""),
        (Changes("a", "b"), "cannot say", ""),
    ],
)  # fmt: skip
def test_whether_the_fix_touched_what_the_supported_root_names(found, touched, name):
    found = Changes("a", "b", (), (found,)) if isinstance(found, Hunk) else found
    told = grade(DRAFTED, Fact("0123abc"), found)
    assert told.touched == touched
    assert name in told.names or not name
    assert bool(told.names) == (touched == "yes")


@pytest.mark.parametrize("root", [replace(ROOT, status="hypothesis"), replace(ROOT, quotes=())])
def test_a_root_without_evidence_or_without_a_name_cannot_be_judged(root):
    found = fix("realtime/context.py", "+AGENT_SERVICE_TOKEN")
    assert grade(replace(DRAFTED, whys=(root,)), Fact("c"), found).touched == "cannot say"


def test_what_people_did_with_each_step_is_told():
    marker = say(scene(DRAFTED), "accept 1", "edit 2: The token is empty", "bob>reject 3: no", "not-quite D1: hm")[0].marker  # fmt: skip
    told = grade(marker, Fact("0123abc"), Changes())
    assert dict(told.whys) == {
        "1": "accepted",
        "2": "corrected",
        "3": "rejected",
        "D1": "called not quite right",
    }
    assert dict(grade(DRAFTED, Fact("c"), Changes()).whys) == dict.fromkeys(
        ["1", "2", "3", "D1"], "never looked at"
    )
    shown = review_parts(replace(marker, grades=(told,)))["review"]
    assert "**Graded** by the fix `0123abc`: whether it touched" in shown
    assert "1 accepted, 1 corrected, 1 rejected, 1 called not quite right" in shown
