"""The table of comments: what each of them asks for, line by line. "?verb" is a mistake that was answered with that verb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.reviews.grammar import LONGEST, MOST, Command, command_of, commands_in

ZWSP, RLO = "\u200b", "\u202e"
LONG = "word " * 12_000

COMMENTS = [
    # as it is meant to be written
    ("/triage accept", ["1 accept"]),
    ("/triage accept all", ["1 accept"]),
    ("/triage accept 1-3", ["1 accept 1-3"]),
    ("/triage accept 2,4", ["1 accept 2 4"]),
    ("/triage accept 1-2, D1, 2.1", ["1 accept 1-2 D1 2.1"]),
    ("/triage cause: The pool has eight connections", ["1 cause primary 'The pool has eight connections'"]),
    ("/triage cause secondary: No alert on the pool", ["1 cause secondary 'No alert on the pool'"]),
    ("/triage cause tertiary: `max` is 8", ["1 cause tertiary '`max` is 8'"]),
    ("/triage reject 4: the log is of another run", ["1 reject 4 'the log is of another run'"]),
    ("/triage reject: all of it is about the wrong host", ["1 reject 'all of it is about the wrong host'"]),
    ("/triage edit 2: The server closes after 30 s", ["1 edit 2 'The server closes after 30 s'"]),
    ("/triage not-quite 3: it was the second retry", ["1 not-quite 3 'it was the second retry'"]),
    ("/triage needs-evidence: the log of the proxy", ["1 needs-evidence 'the log of the proxy'"]),
    ("/triage redraft", ["1 redraft"]),
    ("/triage redraft look at the deploy of Tuesday", ["1 redraft 'look at the deploy of Tuesday'"]),
    ("/triage merge #12", ["1 merge #12"]),
    ("/triage unmerge", ["1 unmerge"]),
    ("/triage split by host", ["1 split host"]),
    ("/triage unsplit", ["1 unsplit"]),
    ("/triage mute", ["1 mute"]),
    ("/triage mute 14d", ["1 mute 14d"]),
    ("/triage mute until fixed", ["1 mute until fixed"]),
    ("/triage unmute", ["1 unmute"]),
    ("/triage priority P2", ["1 priority 'P2'"]),
    ("/triage owner chat team", ["1 owner 'chat team'"]),
    ("/triage fixed-by 0123abcdef", ["1 fixed-by '0123abcdef'"]),
    ("/triage handoff", ["1 handoff"]),
    ("/triage explain", ["1 explain"]),
    ("/triage undo", ["1 undo"]),
    ("/triage help", ["1 help"]),
    # sloppy, and forgiven
    ("/TRIAGE Accept", ["1 accept"]),
    ("/Triage:   accept  ALL .", ["1 accept"]),
    ("   /triage\taccept\t1 – 3", ["1 accept 1-3"]),
    ("/triage accept whys 1 and 2!", ["1 accept 1 2"]),
    ("/triage accept d1-d2", ["1 accept D1-D2"]),
    ("/triage reject 4 because it is old", ["1 reject 4 'because it is old'"]),
    ("/triage reject why 4: old", ["1 reject 4 'old'"]),
    ("/triage edit 2, The server closes", ["1 edit 2 'The server closes'"]),
    ("/triage notquite 3: no", ["1 not-quite 3 'no'"]),
    ("/triage Not Quite 3: no", ["1 not-quite 3 'no'"]),
    ("/triage needs evidence the proxy's log", ["1 needs-evidence \"the proxy's log\""]),
    ("/triage cause the pool", ["1 cause primary 'the pool'"]),
    ("/triage merge with 12", ["1 merge #12"]),
    ("/triage split by hosts", ["1 split host"]),
    ("/triage split file", ["1 split file"]),
    ("/triage mute for 2 weeks", ["1 mute 14d"]),
    ("/triage mute until it is fixed.", ["1 mute until fixed"]),
    ("/triage priority 2", ["1 priority 'P2'"]),
    ("/triage priority p1.", ["1 priority 'P1'"]),
    ("/triage fixed by commit ABCDEF1", ["1 fixed-by 'abcdef1'"]),
    ("/triage accept\r\n/triage mute\r\n", ["1 accept", "2 mute"]),
    ("I looked at it.\n/triage accept 1\nAnd this one I do not believe:\n/triage reject 2: no", ["2 accept 1", "4 reject 2 'no'"]),
    ("Thanks!\n\n/triage undo", ["3 undo"]),
    ("/triage owner @ada", ["1 owner '@ada'"]),
    # mistakes, each with the nearest command
    ("/triage", ["1 ?help"]),
    ("/triage aprove", ["1 ?accept"]),
    ("/triage approve 1-3", ["1 ?accept"]),
    ("/triage acept", ["1 ?accept"]),
    ("/triage mutte 14d", ["1 ?mute"]),
    ("/triage prio P1", ["1 ?priority"]),
    ("/triage close", ["1 ?cause"]),
    ("/triage flibbertigibbet", ["1 ?help"]),
    ("/triage accept please", ["1 ?accept"]),
    ("/triage accept 1 to 3", ["1 ?accept"]),
    ("/triage cause:", ["1 ?cause"]),
    ("/triage reject", ["1 ?reject"]),
    ("/triage reject 4", ["1 ?reject"]),
    ("/triage reject:", ["1 ?reject"]),
    ("/triage reject it is wrong", ["1 ?reject"]),
    ("/triage edit 2:", ["1 ?edit"]),
    ("/triage merge", ["1 ?merge"]),
    ("/triage merge #0", ["1 ?merge"]),
    ("/triage merge https://github.com/acme/other/issues/1", ["1 ?merge"]),
    ("/triage split by moon", ["1 ?split"]),
    ("/triage mute 0d", ["1 ?mute"]),
    ("/triage mute 400d", ["1 ?mute"]),
    ("/triage mute forever", ["1 ?mute"]),
    ("/triage priority P9", ["1 ?priority"]),
    ("/triage fixed-by main", ["1 ?fixed-by"]),
    ("/triage undo everything", ["1 ?undo"]),
    (f"/triage cause: {'x' * (LONGEST + 1)}", ["1 ?cause"]),
    (f"/triage cause: {'x' * LONGEST}", [f"1 cause primary '{'x' * LONGEST}'"]),
    # only quoted or shown, or not ours
    ("", []),
    ("Somebody should say /triage accept here.", []),
    ("@ada /triage accept", []),
    ("/triagebot accept", []),
    ("/triaged accept", []),
    ("/ triage accept", []),
    ("`/triage accept`", []),
    ("``\n/triage accept\n``", []),
    ("```\n/triage accept\n```", []),
    ("~~~sh\n/triage accept\n", []),
    ("    /triage accept", []),
    ("\t/triage accept", []),
    ("> /triage accept", []),
    ("> somebody wrote\n/triage accept", []),
    ("> somebody wrote\n\n/triage accept", ["3 accept"]),
    ("On Monday ada wrote:\n> /triage accept\n\nNo.", []),
    ("- /triage accept", []),
    ("- a\n/triage accept", []),
    ("1. /triage accept", []),
    ("# /triage accept", []),
    ("/triage accept\n===", []),
    ("| a | b |\n|---|---|\n/triage accept", []),
    ("[a]: https://a.example '\n/triage accept\n'", []),
    ("[/triage accept](https://a.example)", []),
    ("**/triage accept**", []),
    ("<!-- /triage accept -->", []),
    ("<!--\n/triage accept\n-->", []),
    ("text <!--\n/triage accept\n--> text", []),
    ("<!-- open for ever\n/triage accept", []),
    ("<pre>\n/triage accept\n</pre>", []),
    ("<details>\n<summary>old</summary>\n\n/triage accept\n\n</details>", []),
    ("<details>\n\nx\n\n</details>\n\n/triage accept", ["7 accept"]),
    ("<b>bold\n/triage accept\n</b>", []),
    ("it is <del>old\n/triage accept\n</del>", []),
    ("line<br>\n/triage accept", ["2 accept"]),
    ("<!-- hidden -->\n\n/triage accept", ["3 accept"]),
    ("<script>\n/triage accept\n</script>", []),
    ("Thanks\n\n-- \nAda\n/triage accept", []),
    ("Thanks\n--\n/triage accept", []),
    ("/triage mute\n\n-- \n/triage accept", ["1 mute"]),
    # hostile
    (f"{ZWSP}/triage accept", []),
    (f"/tri{ZWSP}age accept", []),
    (f"/triage acc{ZWSP}ept", ["1 ?help"]),
    (f"/triage accept {RLO}1-3", ["1 ?help"]),
    (f"/triage cause: {RLO}loop eht", ["1 ?help"]),
    ("/triage accept\x00", ["1 ?help"]),
    ("\ufeff/triage accept", []),
    ("/triage aсcept", ["1 ?accept"]),  # the first c is Cyrillic
    ("/triage accept １", ["1 ?accept"]),
    ("\ue0000\ue001 accept", []),
    ("/triage accept \ue0000\ue001", ["1 ?help"]),
    ('<!-- triagebot {"v":1,"key":"x","algorithm":1} -->\n\n/triage accept', ["3 accept"]),
    ('/triage cause: <!-- triagebot {"v":1} -->', ["1 cause primary '<!-- triagebot {\"v\":1} -->'"]),
    ("/triage cause: $(rm -rf /) ${{ secrets.X }} `id`", ["1 cause primary '$(rm -rf /) ${{ secrets.X }} `id`'"]),
    (f"{LONG}\n\n/triage accept", ["3 accept"]),
    (f"/triage accept\n{'x' * 60_000}", ["1 accept"]),
    ("/triage help\n" * MOST, [f"{n} help" for n in range(1, MOST + 1)]),
    ("/triage help\n" * (MOST + 5), [*(f"{n} help" for n in range(1, MOST + 1)), f"{MOST + 1} ?help"]),
    (f"{'x' * 65_536}\n/triage accept", []),
]  # fmt: skip


def told(found):
    if not isinstance(found, Command):
        return f"{found.line} ?{found.instead.split()[0].rstrip(':')}"
    spans = [first if first == last else f"{first}-{last}" for first, last in found.spans]
    mute = ["until fixed"] if found.until_fixed else [f"{found.days}d"] if found.days else []
    more = [found.rank] * (found.verb == "cause") + [found.by] * (found.verb == "split")
    issue = [f"#{found.issue}"] if found.issue else []
    text = [repr(found.text)] if found.text else []
    return " ".join([str(found.line), found.verb, *more, *spans, *issue, *mute, *text])


@pytest.mark.parametrize("text, expected", COMMENTS, ids=[repr(text[:50]) for text, _ in COMMENTS])
def test_a_comment_asks_for_exactly_this(text, expected):
    assert [told(found) for found in commands_in(text)] == expected


def test_the_table_is_long_enough():
    assert len(COMMENTS) >= 80


@given(st.text(max_size=300))
def test_no_text_crashes_it(text):
    commands_in(text)
    command_of(text)


PIECES = st.lists(
    st.sampled_from([
        "/triage accept", "/triage", "\n", "\n\n", "> ", "```", "`", "<!--", "-->", "<details>", "</details>", "-- ", " ", "    ",
        "- ", "**", "x", "\u200b", "\u202e", "|", "[a](", ")", "\ue000", "1", "\ue001",
    ]),
    max_size=25,
)  # fmt: skip


@given(PIECES.map("".join))
def test_a_command_comes_only_from_a_line_that_begins_with_the_word(text):
    lines = text.split("\n")
    for found in commands_in(text):
        assert lines[found.line - 1].lstrip(" ").lower().startswith("/triage")


@given(
    PIECES.map("".join).filter(
        lambda text: not any(line.lstrip().startswith("/triage") for line in text.splitlines())
    )
)
def test_text_without_the_word_at_the_start_of_a_line_asks_for_nothing(text):
    assert commands_in(text) == ()


@given(
    st.sampled_from(
        [text for text, expected in COMMENTS if len(expected) == 1 and text.startswith("/triage")]
    )
)
def test_the_command_line_reads_a_command_as_a_comment_does(text):
    (found,) = commands_in(text)
    assert told(command_of(text.split("\n")[0].removeprefix("/triage"))) == told(found)
