"""Regular expressions say what they are for, what they match and what they do not; these tests try what they say.

The convention: behind a pattern stands a docstring, or behind the row of a table a comment, with `Hit:` and `Miss:` and the
text in backticks. A pattern that the module only uses anchored (`match`, `fullmatch`) is tried that way, any other by
`search`. In a table of patterns every row needs a hit of its own, and no row may match a miss.
"""

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import triagebot
from triagebot.redact import Redactor
from triagebot.redact.tokens import _TOKENS, _Token
from triagebot.signatures import mask
from triagebot.signatures.extractors.dns import _NAMED

ROOT = Path(triagebot.__file__).parent
ROOMS = {
    "boards",
    "causes",
    "cli",
    "config",
    "contracts",
    "drafts",
    "groups",
    "issues",
    "markdown",
    "pipeline",
    "plans",
    "pytest_plugin",
    "redact",
    "reports",
    "reviews",
    "selection",
    "signatures",
    "sources",
    "steps",
    "trackers",
}
"""Where every pattern has its examples."""
ELSEWHERE = {
    "redact.tokens._TOKENS": "prefixes and bodies; below, for a row may not hold a token",
    "redact.tokens._SHAPES": "tests/redact/corpus.py, for a row may not hold a token",
    "markdown.text._REMOVED": "tests/markdown, for nobody would see it here",
    "markdown.text._SHOWN": "tests/markdown, for nobody would see it here",
    "reviews.grammar._MARK": "signs that no text holds, put in and taken out by the module itself",
    "signatures.mask._EVERY": "made of TABLE, whose rows have theirs",
}
_EXAMPLE = re.compile(r"\b(Hit|Miss): (?:`([^`]+)`|(?P<ticks>``+) ?([^\n]+?) ?(?P=ticks)(?!`))")
"""As in Markdown: a text that holds a backtick stands between two of them, and a blank."""


@dataclass(frozen=True)
class Told:
    """A pattern or a table of them, and what its docstring and its comments say that it hits and misses."""

    name: str
    value: Any
    how: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    def tries(self, pattern: re.Pattern[Any], example: str) -> bool:
        text = example.encode() if isinstance(pattern.pattern, bytes) else example
        return getattr(pattern, self.how)(text) is not None


def patterns(value: Any) -> list[re.Pattern[Any]]:
    """The compiled patterns in a value: itself, or those of its rows."""
    if isinstance(value, re.Pattern):
        return [value]
    rows = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [pattern for row in rows for pattern in patterns(row)]


def comments(source: str) -> str:
    """The comments with examples in a statement; a line end is spelled out there."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline) if "# Hit: " in source else ()
    said = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return "\n".join(said).replace("\\n", "\n")


def names(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    yield from (
        node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)
    )


def how(source: str, name: str) -> str:
    used = set(re.findall(rf"\b{name}\.(match|fullmatch|search|finditer|sub|split|findall)\b", source))
    return used.pop() if len(used) == 1 and used <= {"match", "fullmatch"} else "search"


def told(path: Path) -> Iterator[Told]:
    """The patterns of a module, in order."""
    source = path.read_text("utf-8")
    if "re.compile" not in source:
        return
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(f"triagebot.{dotted}")
    lines = source.splitlines()
    body = ast.parse(source).body
    for statement, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        text = "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
        for name in names(statement) if "re.compile" in text else ():
            is_doc = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            said = f"{comments(text)}\n{after.value.value if is_doc else ''}"
            examples = [(kind, plain or ticked) for kind, plain, _, ticked in _EXAMPLE.findall(said)]
            hits, misses = (
                tuple(text for kind, text in examples if kind == want) for want in ("Hit", "Miss")
            )
            if patterns(value := getattr(module, name)):
                yield Told(f"{dotted}.{name}", value, how(source, name), hits, misses)


ALL = {
    each.name: each
    for path in sorted(ROOT.rglob("*.py"))
    for each in told(path)
    if each.hits or path.relative_to(ROOT).parts[0] in ROOMS
}


SHARED = {"signatures.extractors.dns._NAMED_ELSEWHERE": patterns(_NAMED)}
"""Rows that stand in another table, which has their examples."""


@pytest.mark.parametrize("name", sorted(ALL.keys() - ELSEWHERE.keys()))
def test_a_pattern_matches_what_it_says_and_nothing_that_it_denies(name: str) -> None:
    each = ALL[name]
    rows = patterns(each.value)
    own = [row for row in rows if row not in SHARED.get(name, ())]
    assert each.hits and (each.misses or all(row.match("") for row in rows)), (
        "name a text that it matches and one that it does not, behind `Hit:` and `Miss:`"
    )
    assert [hit for hit in each.hits if not any(each.tries(row, hit) for row in rows)] == []
    assert [row.pattern for row in own if not any(each.tries(row, hit) for hit in each.hits)] == []
    assert [miss for miss in each.misses if any(each.tries(row, miss) for row in rows)] == []


def of_masks() -> Iterator[tuple[str, str, str]]:
    """The name of each row of the masks with its own hit and miss."""
    source = (ROOT / "signatures" / "mask.py").read_text("utf-8")
    table = next(node for node in ast.parse(source).body if "TABLE" in names(node))
    examples = _EXAMPLE.findall(comments(ast.get_source_segment(source, table) or ""))
    hits, misses = ([text for kind, text, *_ in examples if kind == want] for want in ("Hit", "Miss"))
    for (name, _pattern), hit, miss in zip(mask.TABLE, hits, misses, strict=True):
        yield name, hit, miss


@pytest.mark.parametrize(("name", "hit", "miss"), list(of_masks()))
def test_a_mask_takes_what_its_row_says_and_leaves_what_it_denies(name: str, hit: str, miss: str) -> None:
    taken: list[mask.Masked] = []
    mask.mask(hit, taken)
    assert taken[0][0] == name
    assert taken[0][1] in hit
    taken.clear()
    mask.mask(miss, taken)
    assert name not in dict(taken)


HEX, UPPER = "0123456789abcdef" * 8, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789" * 2
UUID = "3f2b8c1e-9d4a-4e6f-8b7a-1c2d3e4f5a6b"
BODIES = (
    *(HEX[-length:] for length in (32, 40, 48, 64, 96)),
    *(
        "x7Kq9mPz3Vb" * 8,
        f"{HEX[:32]}_{HEX[:8]}",
        f"{HEX[:24]}-{HEX[:34]}",
        UPPER[:32],
        f"1{UPPER[:58]}",
        UUID,
    ),
    *(f"AgE{HEX}", f"proj-{HEX}", f"api-{HEX[:16]}", ("x7Kq9mPz3Vb" * 4)[:43]),
)
"""One of these can follow each prefix."""


@pytest.mark.parametrize("token", _TOKENS, ids=lambda token: token.prefix)
def test_a_token_of_a_vendor_goes_and_its_prefix_alone_stays(token: _Token) -> None:
    body = next(filter(token.body.fullmatch, BODIES))
    assert f"[REDACTED:{token.kind}#1]" in Redactor().text(f"said {token.prefix}{body} there")
    assert Redactor().text(f"said {token.prefix}x there") == f"said {token.prefix}x there"
