"""A draft as people read it: short, safe, with the catalogue's words; in Markdown and as pages that stand alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.drafts.runs import failure, green, group, red, run
from tests.drafts.samples import ABSTAINS, SUPPORTED, spoiled
from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.citations import citation, confidence, drafted
from triagebot.drafts.digest import digest
from triagebot.drafts.model import Catalogue, FiveWhys, Item, Line, Origin, Violation
from triagebot.drafts.outline import numbered
from triagebot.drafts.prompts import Example
from triagebot.pages import Cause, cause_document, files, html_pages, markdown_pages, run_document
from triagebot.pages.document import about
from triagebot.plans.draft_text import draft_markdown
from triagebot.reports.model import Problem, Run

HERE = Path(__file__).parent / "goldens"
ORIGIN = Origin("claude-sonnet-5-5", "five_whys", 1, "ab12" * 16, 6000, 900, 0.0213)


def draft(example: Example = SUPPORTED, answer: Answer | None = None, **held: Any) -> FiveWhys:
    made = drafted(example.problem, answer or example.answer, ORIGIN, example.catalogue)
    return replace(made, **held)


def cause(held: Any, title: str = "HTTP 413 for POST /files", **more: Any) -> Cause:
    failing = replace(
        group(failure(), failure("test_more")), signature=replace(group(failure()).signature, title=title)
    )
    return Cause(failing, held, **more)


def cause_page(tested: Run, shown: Cause) -> str:
    return html_pages.cause_page(run_document(tested, ()), cause_document(shown))


def run_page(tested: Run, causes: list[Cause]) -> str:
    return html_pages.run_page(run_document(tested, causes))


def run_markdown(tested: Run, causes: list[Cause]) -> str:
    return markdown_pages.run_markdown(run_document(tested, causes))


def cause_markdown(tested: Run, shown: Cause) -> str:
    return markdown_pages.cause_markdown(run_document(tested, ()), cause_document(shown))


RUN = run(red(failure()), red(failure("test_more")), green("a"))


@pytest.mark.parametrize(("example", "name"), [(SUPPORTED, "supported"), (ABSTAINS, "abstains")])
def test_a_draft_reads_as_it_did(example: Example, name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / f"{name}.md", draft_markdown(draft(example)) + "\n")
    golden(
        HERE / f"{name}.html",
        cause_page(RUN, cause(draft(example), issue="#12", url="https://github.example/x")),
    )


def test_a_run_s_report_reads_as_it_did(golden: Callable[[Path, str], None]) -> None:
    facts = digest(group(failure()), RUN, "no key")
    causes = [
        cause(draft()),
        cause(draft(ABSTAINS), "WebSocket closed"),
        cause(facts, "Something else", issue="#3"),
    ]
    golden(HERE / "run.md", run_markdown(RUN, causes))
    golden(HERE / "run.html", run_page(RUN, causes))


def before_folds(text: str) -> list[str]:
    """The lines that are seen without opening anything."""
    return re.sub(r"(?s) *<details>.*?</details>", "", text).splitlines()


def longest() -> FiveWhys:
    """As much as the rules let a draft say."""

    def more(held: dict[str, Any]) -> None:
        whys = held["whys"]
        for number, word in enumerate(["amber", "birch", "cedar", "ember"], 10):
            above = f"W{number - 1}" if number > 10 else "W3"
            sentence = f"The {word} of the matter stands elsewhere and nobody has seen it yet."
            whys.append(
                {
                    **whys[2],
                    "id": f"W{number}",
                    "parent": above,
                    "status": "hypothesis",
                    "refs": [],
                    "sentence": sentence,
                }
            )
        held["roots"] = [{"why": "W13", "rank": "primary"}]
        held["actions"] = [{**held["actions"][0], "root": "W13"} for _ in range(6)]
        held["missing"] = held["missing"] * 5
        held["rivals"] = held["rivals"] * 2
        held["verdict"] = "root_cause_hypothesis"

    return draft(answer=spoiled(more))


def test_a_draft_has_at_most_sixty_lines_before_its_folds() -> None:
    for held in (draft(), draft(ABSTAINS), longest()):
        assert len(before_folds(draft_markdown(held))) <= 60


def test_the_cause_comes_before_the_steps() -> None:
    text = draft_markdown(draft())
    assert text.index("**primary**") < text.index("Why did it happen?") < text.index("**Actions**")


def test_a_quote_is_the_catalogue_s_line_and_not_the_model_s_copy() -> None:
    answer = spoiled(
        lambda held: held["whys"][0]["refs"][0].update(quote="client  intended to\u2003send too large body")
    )
    text = draft_markdown(draft(answer=answer))
    assert "client intended to send too large body: 5242880 bytes, request" in text
    assert "\u2003" not in text
    assert "client  intended" not in text


def test_a_quote_leads_to_its_line_where_there_is_one() -> None:
    items = tuple(
        replace(
            item,
            lines=tuple(
                replace(line, where="gateway.log:88", url="https://ci.example/log#88") for line in item.lines
            ),
        )
        for item in SUPPORTED.catalogue.items
    )
    made = drafted(SUPPORTED.problem, SUPPORTED.answer, ORIGIN, Catalogue(items))
    assert "[gateway.log:88](https://ci.example/log#88)" in draft_markdown(made)
    assert 'href="https://ci.example/log#88"' in cause_page(RUN, cause(made))


def test_numbers_show_where_a_step_hangs() -> None:
    answer = spoiled(
        lambda held: held["whys"].extend(
            [
                {
                    **held["whys"][2],
                    "id": "W7",
                    "parent": "W2",
                    "sentence": "Another cause of the second step.",
                },
                {**held["whys"][2], "id": "W8", "parent": "W7", "sentence": "And what is below it."},
            ]
        )
    )
    assert [(number, why.id) for number, why in numbered(answer.whys)] == [
        ("1", "W1"), ("2", "W2"), ("2.1.1", "W3"), ("2.2.1", "W7"), ("2.2.2", "W8"), ("D1", "W4"),
    ]  # fmt: skip


CONFIDENCES: dict[str, tuple[FiveWhys, str]] = {
    "all quoted, from the inside": (draft(), "high"),
    "a rival is open": (
        draft(answer=spoiled(lambda held: held["rivals"][0].update(standing="open", refs=[]))),
        "medium",
    ),
    "nothing from the inside": (draft(kinds=("contrast", "message")), "medium"),
    "something was taken out": (
        draft(origin=replace(ORIGIN, degraded=(Violation("vague", "whys[9]", "x"),))),
        "medium",
    ),
    "a hypothesis": (draft(answer=spoiled(lambda held: held.update(verdict="root_cause_hypothesis"))), "low"),
    "it abstains": (draft(ABSTAINS), "none"),
}


@pytest.mark.parametrize(("held", "expected"), CONFIDENCES.values(), ids=CONFIDENCES)
def test_confidence_follows_from_what_is_cited(held: FiveWhys, expected: str) -> None:
    assert confidence(held) == expected


def test_what_was_taken_out_is_told() -> None:
    held = draft(
        origin=replace(
            ORIGIN, degraded=(Violation("quote_invented", "whys[1].refs[0]", "the quote is in no evidence"),)
        )
    )
    assert "What the check took out (1)" in draft_markdown(held)
    assert "quote_invented" in draft_markdown(held)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></div></body><h1>x",
    "<!-- triagebot {} -->",
    "@octocat and @org/team",
    "fixes #12, octo/repo#3, GH-4",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "https://evil.example www.evil.example",
    "```\nout of the fence\n```",
    "`code` **bold** ~~~ | cell | $x$",
    "\u202eevil\u2066 \u200b zero",
    "- [x] ticked\n# heading\n> quote",
    '" onmouseover="alert(1)',
    "&lt;script&gt; &#64;octocat",
]


def poisoned(bad: str) -> FiveWhys:
    """The bad text in every place that a model or a log can fill, checks or not."""
    answer = SUPPORTED.answer
    whys = tuple(why.model_copy(update={"sentence": bad, "refuted_by": bad}) for why in answer.whys)
    rivals = tuple(rival.model_copy(update={"cause": bad, "because": bad}) for rival in answer.rivals)
    actions = tuple(action.model_copy(update={"step": bad, "done_when": bad}) for action in answer.actions)
    missing = tuple(missing.model_copy(update={"what": bad, "how": bad}) for missing in answer.missing)
    items = tuple(
        Item(
            i.id, i.kind, bad, bad, tuple(Line(line.number, bad, bad, None, bad) for line in i.lines), i.total
        )
        for i in SUPPORTED.catalogue.items
    )
    held = answer.model_copy(update={"whys": whys, "rivals": rivals, "actions": actions, "missing": missing})
    origin = replace(ORIGIN, model=bad, degraded=(Violation("vague", "x", bad),))
    return drafted(bad, held, origin, Catalogue(items, receipts=((bad, 1),)))


RENDERED = MarkdownIt("gfm-like", {"linkify": False})


@pytest.mark.parametrize("bad", HOSTILE)
def test_nothing_from_outside_is_live_in_an_issue(bad: str) -> None:
    text = draft_markdown(poisoned(bad))
    assert "<!--" not in text
    assert not re.search(r"(?<![`\w])@(?:octocat|org)", re.sub(r"`[^`\n]*`", "", text))
    html = RENDERED.render(text)
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    tags = set(re.findall(r"<(/?[a-z][a-z0-9]*)", outside))
    assert tags <= {
        "p", "/p", "h3", "/h3", "ul", "/ul", "li", "/li", "strong", "/strong", "em", "/em", "details", "/details",
        "summary", "/summary", "input", "br", "span", "/span",
    }, tags  # fmt: skip
    assert outside.count("<details>") == outside.count("</details>")


class Page(HTMLParser):
    """The elements and attributes of a page, and whether they are balanced."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def check_page(text: str) -> Page:
    page = Page(text)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "link", "object", "form", "base", "embed", "svg", "math"}
    attributes = {name for _, held in page.tags for name in held}
    assert attributes <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "href",
        "rel",
        "id",
        "scope",
        "aria-label",
        "data-label",
    }
    for tag, held in page.tags:
        href = held.get("href")
        if href:
            assert tag == "a"
            assert re.fullmatch(r"#report|[\w.-]+\.html|https?://[^\s\"<>@]+", href), href
    return page


@pytest.mark.parametrize("bad", HOSTILE)
def test_nothing_from_outside_is_live_in_a_page(bad: str) -> None:
    held = cause(poisoned(bad), bad, issue=bad, url=bad)
    hostile = replace(RUN, id=bad, environment=bad, problems=(Problem(bad, bad),))
    for text in (cause_page(hostile, held), run_page(hostile, [held])):
        check_page(text)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_no_text_from_outside_breaks_a_page_or_an_issue(bad: str) -> None:
    held = poisoned(bad)
    check_page(cause_page(RUN, cause(held, bad)))
    text = draft_markdown(held)
    assert text.count("<details>") == text.count("</details>")
    run_markdown(RUN, [cause(held, bad)])
    text.encode()


def test_a_page_can_be_read_aloud_and_stands_alone() -> None:
    facts = digest(group(failure()), RUN, "no key")
    for held in (draft(), draft(ABSTAINS), facts):
        for text in (cause_page(RUN, cause(held)), run_page(RUN, [cause(held)])):
            page = check_page(text)
            tags = [tag for tag, _ in page.tags]
            assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
            levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
            assert all(after <= before + 1 for before, after in pairwise(levels))
            assert ("html", {"lang": "en"}) in page.tags
            assert "prefers-color-scheme: dark" in text
            assert "url(" not in text and "@import" not in text
            assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
            assert any(
                "default-src 'none'" in str(held.get("content")) for tag, held in page.tags if tag == "meta"
            )
            assert next(tag for tag in tags if tag in ("a", "main")) == "a", (
                "the way past the navigation comes first"
            )


def test_status_is_told_in_words_and_not_by_colour_alone() -> None:
    page = check_page(cause_page(RUN, cause(draft())))
    assert "supported)" in page.text and "unknown)" in page.text


def test_a_report_is_an_index_and_two_files_a_cause() -> None:
    made = files(RUN, [cause(draft())])
    assert set(made) == {"index.md", "index.html", "ws.close-aaaaaaaaaaaa.md", "ws.close-aaaaaaaaaaaa.html"}


def test_the_index_tells_state_impact_evidence_and_the_reason_once() -> None:
    facts = digest(group(failure()), RUN, "no key")
    told = [cause(facts, "One", state="new"), cause(facts, "Two", state="came back", issue="#3")]
    for text in (run_page(RUN, told), str(run_markdown(RUN, told))):
        assert text.count("no key") == 1
        assert "came back" in text
        assert "vidence" in text
        assert "assed" in text


def test_names_of_files_stay_in_their_folder() -> None:
    signature = replace(group(failure()).signature, key="rule-../../etc/passwd\x00")
    held = Cause(replace(group(failure()), signature=signature), draft())
    assert cause_document(held).name == "rule-..-..-etc-passwd-"
    assert all("/" not in name for name in files(RUN, [held]))


def test_a_digest_s_report_states_no_cause() -> None:
    facts = digest(group(failure()), RUN, "no key")
    for text in (cause_markdown(RUN, cause(facts)), cause_page(RUN, cause(facts))):
        assert "No language model was used" in text
        assert "oot cause" not in text.replace("<style>", "")


def test_every_ref_of_a_draft_has_its_line() -> None:
    held = draft()
    refs = [ref for why in held.answer.whys for ref in why.refs]
    assert all(citation(held, ref) for ref in refs)


def status(status: str, **more: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda held: held["whys"][0].update(status=status, **more)


SAID = {
    "medium": (CONFIDENCES["a rival is open"][0], "read what is left open below."),
    "low": (CONFIDENCES["a hypothesis"][0], "The cause below is a **hypothesis**"),
    "a rival that is open": (CONFIDENCES["a rival is open"][0], "*(still open)*"),
    "a rival that is ruled out": (draft(), "*(ruled out)*"),
    "a hypothesis is proved wrong": (
        draft(answer=spoiled(status("hypothesis", refuted_by="another byte"))),
        "*Proved wrong by:* another byte",
    ),
    "what is unknown is answered": (
        draft(answer=spoiled(status("unknown", refuted_by="a look inside"))),
        "*Answered by:* a look inside",
    ),
    "repaired": (draft(origin=replace(ORIGIN, repaired=True)), "version 1, repaired once, 6000 tokens in"),
    "not repaired": (draft(), "version 1, 6000 tokens in"),
    "at a cost": (draft(), "about 0.021 USD"),
    "at no known cost": (draft(origin=replace(ORIGIN, cost_usd=None)), "cost not known"),
    "what was redacted": (
        draft(receipts=(("jwt", 2), ("email", 1))),
        "Redacted before sending: 2 jwt, 1 email.",
    ),
}


@pytest.mark.parametrize(("held", "text"), SAID.values(), ids=SAID)
def test_a_draft_says(held: FiveWhys, text: str) -> None:
    assert text in draft_markdown(held)


def test_what_was_not_redacted_and_not_taken_out_is_not_mentioned() -> None:
    text = draft_markdown(draft())
    assert "Redacted before sending" not in text
    assert "What the check took out" not in text


def test_a_step_of_one_branch_does_not_hang_below_a_step_of_the_other() -> None:
    answer = spoiled(lambda held: [why.update(parent="W1") for why in held["whys"] if why["id"] == "W4"])
    assert [number for number, why in numbered(answer.whys) if why.id == "W4"] == ["D1"]
    assert [why.id for _number, why in numbered(answer.whys)] == ["W1", "W2", "W3", "W4"]


@pytest.mark.parametrize(("number", "more"), [(50, ""), (51, "and 1 more"), (60, "and 10 more")])
def test_fifty_tests_are_named_and_the_others_counted(number: int, more: str) -> None:
    many = Cause(group(*(failure(f"test_{n}") for n in range(number))), draft())
    text = str(cause_markdown(RUN, many))
    named = text.partition("## What failed")[2].partition("## Analysis")[0]
    assert named.count("::test_") == min(number, 50)
    assert (" more\n" in text) == bool(more)
    assert more in text


@pytest.mark.parametrize(("number", "in_sight"), [(8, 8), (9, 5), (60, 5)])
def test_many_tests_do_not_push_the_judgement_off_the_page(number: int, in_sight: int) -> None:
    many = Cause(group(*(failure(f"test_{n}") for n in range(number))), draft())
    page = cause_page(RUN, many)
    check_page(page)
    seen, _details, _folded = page.partition("What failed")[2].partition("</ul>")[0].partition("<details>")
    assert seen.count("::test_") == in_sight
    assert page.partition("What failed")[2].count("<code>") >= number
    assert (f"<summary>All {number} failing tests</summary>" in page) == (number > in_sight)


@pytest.mark.parametrize(
    ("filed", "text"),
    [
        ({}, "Not filed."),
        ({"issue": "#12"}, "Filed as"),
        ({"issue": "#12", "url": "https://tracker.example/12"}, "](https://tracker.example/12)"),
    ],
)
def test_where_a_cause_is_filed(filed: dict[str, str], text: str) -> None:
    told = str(cause_markdown(RUN, cause(draft(), **filed)))
    assert text in told
    assert ("Not filed." in told) == (not filed)


ABOUT = {
    "everything": ({"revision": "r7"}, "environment staging, branch main, commit cccccccccccc, revision r7"),
    "no start": ({"started": None}, "start not known, environment staging, branch main, commit cccccccccccc"),
    "nothing": (
        {"started": None, "environment": None, "branch": None, "commit": None},
        "start not known",
    ),
}


@pytest.mark.parametrize(("held", "text"), ABOUT.values(), ids=ABOUT)
def test_a_run_is_told_by_what_is_known_of_it(held: dict[str, Any], text: str) -> None:
    assert about(replace(RUN, **held)).endswith(text)


def test_a_run_that_was_stopped_and_what_could_not_be_read_are_told() -> None:
    stopped = replace(RUN, complete=False, problems=(Problem("junit.xml", "not XML"),))
    for text in (str(run_markdown(stopped, [])), run_page(stopped, [])):
        assert "what did not run proves nothing" in text
        assert "not XML" in text
    for text in (str(run_markdown(RUN, [])), run_page(RUN, [])):
        assert "what did not run proves nothing" not in text
        assert "could not be read" not in text
    assert "Nothing failed." in str(run_markdown(RUN, []))


@pytest.mark.parametrize(("length", "shown"), [(2_000, "x" * 2_000), (2_001, "x" * 2_000 + " […]")])
def test_a_line_of_a_page_is_cut_where_one_can_see_it(length: int, shown: str) -> None:
    assert html_pages.cut("x" * length, 2_000) == shown
