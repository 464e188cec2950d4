"""What drafts say of each kind of signature: their tables name kinds that there are, and leave none out by oversight."""

import pytest

from tests.signatures.test_browser import SAID
from tests.signatures.test_extractors import HITS
from triagebot.causes import joining
from triagebot.drafts import digest, evidence, questions

KINDS = {kind for _type, _message, kind, _slots in HITS} | ({"browser"} if SAID else set())
FAMILIES = {kind.partition(".")[0] for kind in KINDS}
TABLES = {
    "what to look at": (questions._WITNESS, {"assert", "error"}),
    "what to keep next time": (digest._COLLECT, {"assert", "error", "event_loop", "syntax"}),
}
"""A table by what it says, and the kinds for which nothing better can be said than for any failure."""


@pytest.mark.parametrize(("table", "nothing"), TABLES.values(), ids=TABLES)
def test_every_kind_is_in_the_table_or_known_to_have_nothing_of_its_own(table, nothing):
    assert set(table) == FAMILIES - nothing


@pytest.mark.parametrize(
    "names",
    [questions._HELD, evidence._REMOTE, {kind.partition(".")[0] for kind in joining._NAMED}],
    ids=["what should have held", "what has another side", "what may be missing with others"],
)
def test_a_table_of_some_kinds_names_kinds_that_there_are(names):
    assert set(names) <= FAMILIES
