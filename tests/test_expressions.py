"""Every regular expression of the package, as SECURITY says it: bounded where a text could make it slow."""

import importlib
import pkgutil
import re
import sys
from re import _constants as codes
from re import _parser as parser

import triagebot

REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
ONE_CHARACTER = {codes.IN, codes.LITERAL, codes.NOT_LITERAL, codes.ANY}


def children(node):
    """The parsed expressions inside a parsed expression."""
    if isinstance(node, parser.SubPattern):
        yield node
    elif isinstance(node, list | tuple):
        for part in node:
            yield from children(part)


def unbounded(parsed, *, repeated=False):
    """Repetitions without an end of more than one character, or inside another repetition without one."""
    for code, given in parsed:
        endless = code in REPEATS and given[1] is codes.MAXREPEAT
        simple = endless and len(given[2]) == 1 and given[2][0][0] in ONE_CHARACTER
        if endless and (repeated or not simple):
            yield code, given
        for inner in children(given):
            yield from unbounded(inner, repeated=repeated or endless)


def expressions(monkeypatch):
    """Module and pattern of every expression that importing the package compiles."""
    found, compiled = set(), re._compile

    def note(pattern, flags):
        frame = sys._getframe(1)
        while frame.f_globals.get("__name__", "").split(".")[0] == "re":
            frame = frame.f_back
        if frame.f_globals.get("__name__", "").startswith("triagebot") and isinstance(pattern, str | bytes):
            found.add((frame.f_globals["__name__"], pattern, int(flags)))
        return compiled(pattern, flags)

    monkeypatch.setattr(re, "_compile", note)
    for module in [name for name in sys.modules if name.split(".")[0] == "triagebot"]:
        monkeypatch.delitem(sys.modules, module)
    for module in pkgutil.walk_packages(triagebot.__path__, "triagebot."):
        importlib.import_module(module.name)
    return found


def test_no_expression_repeats_more_than_one_character_without_an_end(monkeypatch):
    found = expressions(monkeypatch)
    assert len(found) > 400
    assert [
        (name, pattern) for name, pattern, flags in found if [*unbounded(parser.parse(pattern, flags))]
    ] == []


def test_the_check_sees_what_it_is_to_see():
    for slow in ("(a+)+", "(?:ab)*", "(?:ab|b)+", "(?:a{1,3}b*)*", "((a)|b)*c"):
        assert [*unbounded(parser.parse(slow))], slow
    for fine in ("[a-z]+", "a*b", "(?:[^ ]+ ){3}", "(?:ab){0,9}"):
        assert not [*unbounded(parser.parse(fine))], fine
