"""Whatever goes in comes out as text and does nothing, in every place where Markdown lets text stand.

markdown-it-py renders; what GitHub makes of rendered text beyond that (mentions, references, links, commits) is held by
expressions that are broader than GitHub's, over everything outside of code.
"""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from triagebot import markdown as md
from triagebot.markdown.text import ZWSP, cut, cut_middle, folded, visible

_RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

_PIECES = st.sampled_from(
    [
        *(
            "@bob",
            "@org/team",
            "#12",
            "o/r#12",
            "GH-12",
            "gh-7",
            "fixes #1",
            "closes",
            "http://e.org",
            "https://e.org/a_b",
            "www.e.org",
        ),
        *(
            "a@b.org",
            "mailto:",
            "deadbeef",
            "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "1234567",
            ":bug:",
            ":+1:",
            "$x$",
            "$$",
            "$",
        ),
        *(
            "<!--",
            "-->",
            "<!-- triagebot {}-->",
            "<b>",
            "</details>",
            "<details>",
            "<img src=x>",
            "<script>",
            "</code>",
            "&amp;",
            "&#64;",
            "&",
            "amp;",
        ),
        *(
            "![i](u)",
            "[a](b)",
            "[a]: b",
            "[x]",
            "[ ]",
            "[^1]",
            "![",
            "](",
            "!",
            "`",
            "``",
            "```",
            "~~~",
            "~~",
            "*",
            "**",
            "_",
            "__",
            "\\",
            "\\\\",
        ),
        *(
            "|",
            "\\|",
            "a|b",
            "---",
            "===",
            "- ",
            "+ ",
            "1. ",
            "12) ",
            "# ",
            "> ",
            ": ",
            ":--",
            "\t",
            "    ",
            "\n",
            "\r\n",
            "\n\n",
            "\u2028",
        ),
        *(
            "\u202e",
            "\u2066",
            ZWSP,
            "\ufeff",
            "\u200d",
            "\x00",
            "\x07",
            "\x1b[31m",
            "\x1b]8;;http://x\x07",
            "\x85",
            "\ud800",
            "\U000e0041",
        ),
        *("a", "Z", "9", "é", " ", ".", "snake_case_name", "word"),
    ]
)
_HOSTILE = st.lists(_PIECES | st.text(max_size=3), max_size=14).map("".join)
_CASES = settings(max_examples=300, deadline=None)


class _Page(HTMLParser):
    """The tags of a page in order, its text, its text outside of code, and the text of every code element."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = self.live = ""
        self.codes: list[str] = []
        self.comments: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)
        if tag not in ("br", "img", "hr", "input"):
            self.open.append(tag)
        if tag == "code":
            self.codes.append("")

    def handle_startendtag(self, tag, _attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"unbalanced </{tag}>"

    def handle_data(self, data):
        self.text += data
        if "code" in self.open:
            self.codes[-1] += data
        else:
            self.live += data

    def handle_comment(self, data):
        self.comments.append(data)


def page(text: str) -> _Page:
    return _Page(_RENDER.render(text))


_LIVE = re.compile(
    r"@[\w-]|#\w|\bgh-\d|://|www\.|(?<![A-Za-z0-9_])[0-9a-fA-F]{7,40}(?![A-Za-z0-9_])|(?-i::(?:[+-]1|[0-9]{0,4}[a-z][a-z0-9+_-]{0,39}):)",
    re.IGNORECASE,
)


def assert_inert(text: str, tags: set[str]) -> _Page:
    shown = page(text)
    assert set(shown.tags) <= tags, shown.tags
    assert not shown.open, f"left open: {shown.open}"
    assert not shown.comments
    assert not _LIVE.search(shown.live), _LIVE.search(shown.live)
    assert "<!--" not in text, "a marker could be forged in the raw body"
    return shown


def seen(text: str) -> str:
    return text.replace(ZWSP, "")


# --- inline ----------------------------------------------------------------------------------------------------------
@_CASES
@given(_HOSTILE)
@example("[a]: b\n[a]")
@example("a_b__c_ _d")
@example("&")
@example("1. x")
@example("x\\")
def test_inline_text_reads_as_it_was_and_does_nothing(text):
    shown = assert_inert(md.inline(text, 500), {"p", "span"})
    assert seen(shown.text).strip("\n") == cut(folded(text), 500)


@_CASES
@given(_HOSTILE, _HOSTILE)
def test_inline_text_stays_inert_wherever_a_line_of_markdown_can_hold_it(one, two):
    a, b = md.inline(one), md.inline(two)
    assert_inert(md.heading(2, a), {"h2", "span"})
    assert_inert(md.bullets([a, b]), {"ul", "li", "p", "span"})
    assert_inert(md.checklist([(True, a), (False, b)]), {"ul", "li", "p", "span", "input"})
    assert_inert(md.join([a, b]), {"p", "span"})
    assert_inert(md.fill("**Seen** {} and {}", a, b), {"p", "span", "strong"})
    assert_inert(md.paragraphs(a, b, a), {"p", "span"})
    assert_inert("> " + a, {"blockquote", "p", "span"})
    assert_inert("Title\n" + a, {"p", "span"})


@_CASES
@given(st.lists(_HOSTILE, min_size=2, max_size=2), st.lists(st.lists(_HOSTILE, max_size=2), max_size=3))
def test_a_table_keeps_its_cells_whatever_they_hold(header, rows):
    cells = [[md.inline(cell) if n % 2 else md.code(cell) for n, cell in enumerate(row)] for row in rows]
    shown = assert_inert(
        md.table([md.inline(name) for name in header], cells),
        {"table", "thead", "tbody", "tr", "th", "td", "code", "span"},
    )
    assert shown.tags.count("th") == 2
    assert shown.tags.count("td") == 2 * len(rows)
    assert seen("".join(shown.codes)) == seen(
        "".join(cut_middle(folded(row[0]), 120) or " " for row in rows if row)
    )


# --- code ------------------------------------------------------------------------------------------------------------
@_CASES
@given(_HOSTILE)
@example("`")
@example("|`|``")
@example(" a ")
@example("\\|")
def test_code_is_one_element_with_the_text(text):
    shown = assert_inert(md.join([md.inline("x"), md.code(text, 500), md.inline("y")]), {"p", "code"})
    assert [seen(code) for code in shown.codes] == [folded(text) or " "]


def test_code_stays_copyable_but_holds_no_marker():
    assert md.code("tests/test_a.py::test_b[@x-#12]") == "`tests/test_a.py::test_b[@x-#12]`"
    assert md.code("<!-- triagebot") == f"`<!{ZWSP}-- triagebot`"
    assert md.code("a|b") == r"<code>a\|b</code>"


# --- block -----------------------------------------------------------------------------------------------------------
@_CASES
@given(
    _HOSTILE,
    st.integers(3, 12),
    st.integers(120, 400),
    st.sampled_from(["", "text", "mermaid", "x y`", "python"]),
)
def test_a_block_is_never_left(text, max_lines, max_chars, info):
    block = md.block(text * 3, info=info, max_lines=max_lines, max_chars=max_chars)
    shown = assert_inert(block + "\n\nafter", {"pre", "code", "p"})
    assert shown.live.strip() == "after"
    assert len(shown.codes) == 1
    assert len(shown.codes[0].splitlines()) <= max_lines
    assert len(shown.codes[0]) <= max_chars + 1
    assert "mermaid" not in block.split("\n", 1)[0]


@_CASES
@given(_HOSTILE)
def test_a_block_shows_every_line(text):
    block = md.block(text, max_lines=10_000, max_chars=100_000)
    lines = visible(text).splitlines()
    assert seen(page(block).codes[0]).removesuffix("\n") == "\n".join(lines)


def test_a_cut_goes_through_the_middle_and_says_how_much_is_gone():
    lines = [f"line {n}" for n in range(100)]
    assert (
        md.block("\n".join(lines), max_lines=5)
        == "```\nline 0\nline 1\n[… 96 lines elided]\nline 98\nline 99\n```"
    )


@pytest.mark.parametrize(
    ("widths", "max_lines", "max_chars", "shown"),
    [
        ([1, 2, 3], 3, 120, [1, 2, 3]),
        ([1, 2, 3], 1, 120, [1, 2, 3]),
        ([1, 2, 3, 4], 3, 120, [1, "2 lines", 4]),
        ([1, 2, 3, 4, 5], 4, 120, [1, 2, "2 lines", 5]),
        ([39, 39, 39], 9, 120, [39, 39, 39]),
        ([40, 39, 39], 9, 120, [40, 39, 39]),
        ([40, 40, 38], 9, 120, [40, 40, 38]),
        ([40, 40, 39], 9, 120, [40, "2 lines"]),
        ([40, 40, 40, 1], 9, 120, [40, "2 lines", 1]),
        ([40, 37, 1], 9, 1, [40, 37, 1]),
        ([120], 9, 120, [120]),
        ([1] * 1_500, 3, 9_000, [1, "1,498 lines", 1]),
    ],
)
def test_a_block_keeps_to_both_limits_and_to_both_ends(widths, max_lines, max_chars, shown):
    text = "\n".join("x" * width for width in widths)
    lines = md.block(text, max_lines=max_lines, max_chars=max_chars).split("\n")[1:-1]
    expected = [f"[… {width} elided]" if isinstance(width, str) else "x" * width for width in shown]
    assert lines == expected


@pytest.mark.parametrize(
    ("text", "info", "block"),
    [
        ("", "", "```\n```"),
        ("\n", "python", "```\n```"),
        ("x", "python", "```python\nx\n```"),
        ("x", "mermaid", "```\nx\n```"),
        ("a `` b", "", "```\na `` b\n```"),
        ("a ``` b", "", "````\na ``` b\n````"),
        ("````", "", "`````\n````\n`````"),
        ("<!-- triagebot {} -->", "", f"```\n<!{ZWSP}-- triagebot {{}} -->\n```"),
    ],
)
def test_a_fence_is_longer_than_what_it_holds(text, info, block):
    assert md.block(text, info=info) == block


def test_a_single_line_has_all_the_room():
    assert len(md.block("x" * 500, max_chars=300).split("\n")[1]) == 300
    assert max(map(len, md.block("x" * 500 + "\ny", max_chars=300).split("\n"))) == 100


def test_long_lines_are_cut_before_whole_lines_go():
    block = md.block("start\n" + "x" * 50_000 + "\nend", max_chars=900)
    assert "start\n" in block
    assert "\nend" in block
    assert "characters elided]" in block


# --- fold and nesting ------------------------------------------------------------------------------------------------
@_CASES
@given(_HOSTILE, _HOSTILE, _HOSTILE)
def test_folds_stay_balanced_and_their_summaries_inert(summary, one, two):
    body = md.paragraphs(
        md.inline(one),
        md.block(two),
        md.bullets([md.block(one), md.paragraphs(md.inline(two), md.code(one))]),
    )
    text = md.paragraphs(md.fold(summary, md.fold(summary, body)), md.inline("after"))
    shown = assert_inert(text, {"details", "summary", "p", "pre", "code", "ul", "li", "span"})
    assert shown.tags.count("details") == shown.tags.count("summary") == 2
    assert len(shown.codes) == 3
    assert seen(shown.live).rstrip().endswith("after")


@_CASES
@given(_HOSTILE)
def test_a_summary_reads_as_it_was(text):
    shown = page(md.fold(text, md.words("body")))
    assert seen(shown.text).split("body")[0].strip() == cut(folded(text), 200) or "body" in text


# --- links -----------------------------------------------------------------------------------------------------------
@_CASES
@given(_HOSTILE, _HOSTILE)
def test_a_link_leads_where_it_says_or_is_no_link(text, path):
    url = "https://ci.example/" + path
    linked = md.link(text, url)
    shown = assert_inert(md.join([md.inline("x"), linked, md.inline("y")]), {"p", "a", "span"})
    assert shown.tags.count("a") <= 1
    assert "(" not in shown.live or "(" in folded(text) or "⟨" in shown.live


@pytest.mark.parametrize(
    "url",
    ["https://e.org", "http://localhost:8080/a?b=c&d=e#f", "https://e.org/a_b_c/(x)", "https://e.org/%20", "https://e.org/?a=1&lt;=2", "https://[::1]/x", "https://e.org/|x"],
)  # fmt: skip
def test_plain_addresses_become_links_to_themselves(url):
    html = _RENDER.render(md.link("there", url))
    assert html.count("<a href=") == 1
    target = re.search('href="([^"]*)"', html)[1].replace("&amp;", "&")
    assert target.replace("%28", "(").replace("%29", ")").replace("%7C", "|") == url


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://e.org", "//e.org", "/x", "e.org", "", "http://", "https:///x", "http:// e.org"),
        *("https://u:p@e.org", "https://github.com@evil.example", "https://e.org/a b", "https://e.org/\n", "https://e.org/\u202e", "https://e.org\\x"),
        *("https://e.org:99999/", "https://[::1/", "https://" + "a" * 2001, "https://e.org/\ud800"),
        *("https://github.com/o/r/issues/1", "https://github.com/o/r/pull/2", "https://ghe.example/o/r/discussions/3", "https://github.com/o/r/commit/abc"),
    ],
)  # fmt: skip
def test_other_addresses_become_text(url):
    assert md.link("there", url) == "there"


# --- the rows of a table of vectors ------------------------------------------------------------------------------------
Z = ZWSP


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@bob", f"@{Z}bob"),
        ("fixes #12", rf"fixes \#{Z}12"),
        ("o/r#12", rf"o/r\#{Z}12"),
        ("GH-12", f"GH-{Z}12"),
        ("http://e.org", f"http:{Z}//e.org"),
        ("www.e.org", f"www{Z}.e.org"),
        ("a@b.org", f"a@{Z}b.org"),
        ("9fceb02", f"9fceb0{Z}2"),
        ("x" + "9fceb02", "x9fceb02"),
        ("a" * 64, "a" * 64),
        ("<!-- triagebot -->", rf"\<!{Z}-- triagebot -->"),
        ("<img src=x>", r"\<img src=x>"),
        ("![a](b)", r"\!\[a\](b)"),
        ("look!", r"look\!"),
        ("a! b", "a! b"),
        ("a_b_c", "a_b_c"),
        ("_a_", r"\_a\_"),
        ("a -> b & c", "a -> b & c"),
        ("&lt;", r"\&lt;"),
        ("$x$", "<span>$</span>x<span>$</span>"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("1.5 s", "1.5 s"),
        ("a | b", r"a \| b"),
        ("a\n\n# b", rf"a \#{Z} b"),
        (":bug:", rf"\:{Z}bug:"),
        ("a.py:12: x", "a.py:12: x"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\u200bb\ufeff", "ab"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x00", "␀"),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_inline_as_it_stands_in_the_raw_text(text, markdown):
    assert md.inline(text) == markdown


def test_parts_that_are_empty_leave_no_gap():
    one, two, none = md.words("one"), md.words("two"), md.words("")
    assert md.paragraphs(none, one, none, two, none) == "one\n\ntwo"
    assert md.join([none, one, none, two]) == "one two"
    assert md.bullets([md.paragraphs(one, two)]) == "- one\n\n  two"
    assert md.checklist([(True, one), (False, two)]) == "- [x] one\n- [ ] two"
    assert [md.heading(level, one) for level in (0, 1, 6, 7)] == [
        "# one",
        "# one",
        "###### one",
        "###### one",
    ]


def test_composers_refuse_what_would_break_a_line():
    block = md.block("x")
    for call in (
        lambda: md.heading(1, block),
        lambda: md.table([block], []),
        lambda: md.table([md.words("a")], [[block]]),
    ):
        with pytest.raises(ValueError, match="a line, not a block"):
            call()
    with pytest.raises(ValueError, match="touch"):
        md.fill("{}{}", md.code("a"), md.code("b"))
    with pytest.raises(ValueError, match="touch"):
        md.join([md.code("a"), md.code("b")], "")
    with pytest.raises(ValueError, match="2 cells in a table of 1"):
        md.table([md.words("a")], [[md.words("1"), md.words("2")]])


def test_what_is_ours_may_be_live():
    assert md.reference(12) == "#12"
    assert md.words("**Tests**") == "**Tests**"
