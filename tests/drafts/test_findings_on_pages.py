"""What sets tests apart stands on the run's page, on the cause's page and in the issue, once each, as inert text."""

from dataclasses import replace

from tests.plans.worlds import group, run
from triagebot.drafts.digest import digest
from triagebot.pages import Cause, files

FINDING = "All 2 failing tests, and none of 9 that passed, printed: <b>pump</b> offline"


def test_a_finding_stands_once_on_each_page_and_does_nothing() -> None:
    found = replace(group(), findings=(FINDING,))
    tested = run("run-1", [found])
    pages = files(tested, [Cause(found, digest(found, tested, "no key"))])
    assert set(pages) == {"index.html", "index.md", f"{found.key}.html", f"{found.key}.md"}
    for name, text in pages.items():
        assert text.count("none of 9 that passed") == 1, name
        assert "<b>pump" not in text.replace("\\<", ""), name
    assert FINDING not in digest(found, tested, "no key").contrast
