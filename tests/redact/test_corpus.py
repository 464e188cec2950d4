"""Every secret of the corpus goes, under its kind; nothing of what only looks like one does."""

import importlib.util
from pathlib import Path

import pytest

from triagebot.redact import Redactor

_SPEC = importlib.util.spec_from_file_location("redact_corpus", Path(__file__).with_name("corpus.py"))
corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(corpus)


positives = pytest.mark.parametrize(
    "kind, text, secret",
    corpus.POSITIVES,
    ids=[f"{n}-{kind}" for n, (kind, _, _) in enumerate(corpus.POSITIVES)],
)


@positives
def test_a_secret_leaves_under_its_kind(kind, text, secret):
    assert secret in text, "the row itself is wrong"
    cleaned = Redactor().clean(text)
    assert secret not in cleaned.text
    assert kind in {receipt.kind for receipt in cleaned.receipts}, cleaned


@pytest.mark.parametrize("text", corpus.NEGATIVES)
def test_what_only_looks_like_a_secret_stays(text):
    assert Redactor().clean(text).text == text


@positives
def test_a_secret_leaves_whatever_stands_around_it(kind, text, secret):
    for before, after in (
        ("E   ", ""),
        ("[", "]"),
        ('{"a": "', '"}'),
        ("x\n\n", "\n\ny"),
        ("\x1b[31m", "\x1b[0m"),
        ("İ", "ſ"),
    ):
        assert secret not in Redactor().text(before + text + after), (before, after)


def test_the_corpus_is_as_large_as_promised():
    assert len(corpus.POSITIVES) >= 80
    assert len({kind for kind, _, _ in corpus.POSITIVES}) >= 20
    assert len(set(corpus.NEGATIVES)) >= 80


@pytest.mark.parametrize("text", corpus.KNOWN_MISSES)
def test_known_misses_are_still_missed(text):
    """When one of these starts to be found, it moves to the positives."""
    assert Redactor().clean(text).text == text
