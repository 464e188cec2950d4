"""Text that is not Markdown: cuts, titles, log lines, commands of the Actions runner."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.markdown import cut_middle, plain, workflow, workflow_property
from triagebot.markdown.text import ZWSP, visible

_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_TEXT = st.text(st.characters(), max_size=60)


@given(st.text(max_size=400), st.integers(1, 300))
def test_a_cut_keeps_to_its_limit_and_to_both_ends(text, limit):
    shown = cut_middle(text, limit)
    assert len(shown) <= limit
    if len(text) > limit:
        head, tail = (
            shown.split("…", 1)[0].removesuffix("["),
            shown.rsplit("]", 1)[-1] if "elided]" in shown else "",
        )
        assert text.startswith(head)
        assert text.endswith(tail)
    else:
        assert shown == text


@given(st.integers(100, 20_000), st.integers(80, 1_000))
def test_a_cut_counts_what_it_leaves_out(length, limit):
    shown = cut_middle("x" * length, limit)
    if length > limit:
        elided = int(shown.split("[… ")[1].split(" ")[0].replace(",", ""))
        assert elided + shown.count("x") == length


@given(_TEXT, st.integers(1, 80))
def test_a_title_is_one_short_visible_inert_line_and_stays_so(text, limit):
    line = plain(text, limit)
    assert len(line.replace(ZWSP, "")) <= limit
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(char) in _BIDI
        for char in line
    )
    assert "\n" not in line
    assert "\r" not in line
    assert not line.startswith("::")
    assert "##[" not in line
    assert plain(line, limit + 20) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n\tb \x1b[1mc\x1b[0m ", "a b c"),
        ("::stop-commands::x", f":{ZWSP}:{ZWSP}stop-commands::x"),
        (" ::error::x", f":{ZWSP}:{ZWSP}error::x"),
        ("::A::x", f":{ZWSP}:A::x"),
        ("##[error]x", f"#{ZWSP}#{ZWSP}[error]x"),
        ("tests/a.py::test_b", "tests/a.py::test_b"),
        ("by @bob, fixes #1", f"by @{ZWSP}bob, fixes #{ZWSP}1"),
        ("a\u202eb\u200bc", "a⟨U+202E⟩bc"),
        ("x" * 300, "x" * 199 + "…"),
        ("", ""),
    ],
)
def test_titles_and_log_lines(text, line):
    assert plain(text) == line


def _unescape(data: str) -> str:
    return (
        data.replace("%0A", "\n")
        .replace("%0D", "\r")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
    )


@given(_TEXT)
def test_the_runner_reads_back_what_was_said(text):
    assert _unescape(workflow(text)) == visible(text)
    assert _unescape(workflow_property(text)) == visible(text)
    assert not {"\n", "\r"} & set(workflow(text))
    assert not {"\n", "\r", ":", ","} & set(workflow_property(text))
