"""XML of a stranger as elements: no entities, no external references, within limits; a cut file keeps what was complete.

In: a `File`. Out: the elements as ElementTree has them, tags without namespaces, and what stopped the parser.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from triagebot.config import Limits
from triagebot.reports.decoding import File
from triagebot.reports.limits import Exceeded, NoReport
from triagebot.reports.model import Beyond, Problem

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML forbids. Hit: `a\x1bb`. Miss: `a\tb`."""
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
"""A character by its number. Hit: `&#x1B;`. Hit: `&#27;`. Miss: `&amp;`."""
_BLANK = "\ufeff\0 \t\r\n"
_FIRST = re.compile(
    r"(?:\s{1,200}|<\?[^>]{0,500}>|<!--(?:[^-]|-(?!->)){0,2000}-->|<!DOCTYPE[^>]{0,500}>){0,20}<"
    r"(?:[\w.-]{1,60}:)?([\w.-]{1,60})[\s/>]"
)
"""What may stand before the first element, and this.

Hit: `<?xml version="1.0"?> <testsuites>`
Hit: `<!-- a note --><ns:testsuite name="a">`
Miss: `testsuites`
Miss: `<1`
"""
_CHUNK = 1 << 16
_PER_CASE = 20
"""Elements and attributes that a case has at most on average, its share of suites and properties included."""


class Tree:
    """The elements built so far, and which of them are still open."""

    def __init__(self, limits: Limits) -> None:
        self.root: Element | None = None
        self._builder = TreeBuilder()
        self._open: list[Element] = []
        self._limits = limits
        self._left = limits.cases * _PER_CASE

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element, within the limits."""
        self._left -= 1 + len(attributes)
        if len(self._open) == self._limits.depth:
            raise Exceeded(
                f"more than {self._limits.depth} elements in each other; the rest was not read (limits.depth)"
            )
        if self._left < 0:
            raise Exceeded(
                f"more elements than {self._limits.cases} tests have; the rest was not read (limits.cases)"
            )
        element = self._builder.start(tag.rpartition("}")[2], attributes)
        self.root = element if self.root is None else self.root
        self._open.append(element)

    def end(self, tag: str) -> None:
        """Close it."""
        self._builder.end(tag.rpartition("}")[2])
        self._open.pop()

    def data(self, text: str) -> None:
        """Take text."""
        self._builder.data(text)

    def close(self) -> Element | None:
        """The root, as far as it came."""
        return self.root

    def drop_unfinished(self, case: str) -> None:
        """Take out a case, by its tag, that was still open when the text ended: its result may have been lost."""
        for parent, element in zip(self._open, self._open[1:], strict=False):
            if element.tag == case:
                parent.remove(element)
                return


def keep_first(root: Element, tag: str, most: int, holding: tuple[str, ...] = ()) -> int:
    """Take out the elements of a tag after the first `most`, those of a parent before those below it; how many there were.

    With `holding` only those count that have a child with one of these tags.
    """

    def counts(element: Element) -> bool:
        return element.tag == tag and (not holding or any(child.tag in holding for child in element))

    found = sum(map(counts, root.iter(tag)))
    left = most
    for parent in list(root.iter()) if found > most else ():
        kept = []
        for child in parent:
            beyond = counts(child)
            left -= beyond
            if not beyond or left >= 0:
                kept.append(child)
        parent[:] = kept
    return found


def parsed(file: File) -> tuple[Tree, Problem | None]:
    """The elements of a file, and what stopped the parser (None when nothing did)."""
    tree = Tree(file.limits)
    try:
        said = _fed(file, tree)
    except Exceeded as exceeded:
        return tree, Beyond(file.path, str(exceeded))
    return tree, file.problem(said) if said else None


def _fed(file: File, tree: Tree) -> str:
    """Hands a file's elements to the tree, and returns what stopped the parser ("" when nothing did)."""
    text = _legal(file.text)
    parser = DefusedXMLParser(target=tree)
    try:
        for at in range(0, len(text), _CHUNK):
            parser.feed(text[at : at + _CHUNK])
        parser.close()
    except ParseError as error:
        return _why(file, text, error)
    except DefusedXmlException:
        return "XML that declares entities or points outside itself, which no report needs"
    except (ValueError, RecursionError) as error:
        return f"XML that cannot be read: {str(error)[:200]}"
    return ""


def _legal(text: str) -> str:
    """The text without what XML forbids and reporters write all the same: control characters, raw or as references."""
    text = text.strip(_BLANK)
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("�", text)
    return _REFERENCE.sub(_legal_reference, text) if "&#" in text else text


def _legal_reference(found: re.Match[str]) -> str:
    point = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if point <= 0x10FFFF and not _ILLEGAL.match(chr(point)) else "�"


def _why(file: File, text: str, error: ParseError) -> str:
    line, column = error.position
    if error.code in {3, 5} or _at_end(text, line, column):  # expat: no element found, unclosed token
        return f"XML cut off at byte {file.byte_at(len(file.text.rstrip(_BLANK)))} (line {line})"
    return f"not XML at line {line}, column {column}: {str(error).partition(':')[0]}"


def _at_end(text: str, line: int, column: int) -> bool:
    last = text.rpartition("\n")[2]
    return line > text.count("\n") and column >= len(last.encode())


def root_of(head: str) -> str:
    """The tag of the first element in the start of a text, without its namespace's prefix; "" without one."""
    found = _FIRST.match(head[:8192].lstrip(_BLANK))
    return found[1] if found else ""


def document_of(file: File, roots: frozenset[str], case: str) -> tuple[Any, tuple[Problem, ...]]:
    """The root of a file, one of `roots`, and what is wrong with it; a `case` that was cut is left out. Raises NoReport."""
    tree, problem = parsed(file)
    root = tree.root
    if root is None or root.tag not in roots:
        found = "" if root is None else root.tag
        raise NoReport(problem.reason if problem else f"XML of another kind: its root is <{found[:80]}>")
    tree.drop_unfinished(case)
    if problem and root.find(f".//{case}") is None:
        raise NoReport(problem.reason)
    return root, (problem,) if problem else ()


def text_at(element: Any, path: str) -> str:
    """The text of the first element at a path, its inner elements' included; "" without one."""
    found = element.find(path)
    return "" if found is None else "".join(found.itertext())
