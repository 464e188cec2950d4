"""Who touched a function and who owns a file, as a local clone knows: `git log -L`, and CODEOWNERS of what is checked out.

In: a folder, commits, functions as the pytest plugin spelled them. Out: `Suspect`s and names. What is no clone, or does not hold the
tested commit, knows nothing, and so does a clone whose time is up: nothing here may stop or slow down filing.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, takewhile
from pathlib import Path, PurePosixPath

from triagebot.causes.model import SuspectFunction
from triagebot.groups.model import Suspect
from triagebot.redact import Fact, Unredacted
from triagebot.sources.git import ENTRY, ask, hunks, resolved, when

SECONDS = 20.0
"""How long git may be asked for all causes of one command."""
_MOST_COMMITS = 3
_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners"""
_FORMAT = f"--format={ENTRY}"
_LOG = (
    "log",
    f"--max-count={_MOST_COMMITS}",
    "--no-merges",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    _FORMAT,
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
"""What GitHub leaves out of a line of CODEOWNERS. Hit: `*.py @shop/cart # ours`. Miss: `docs/a#b @shop/cart`."""


class Clone:
    """The clone of one command. `clock` tells seconds."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._until = clock() + SECONDS
        self._clock = clock
        self._said = cache(self._git_output)
        self._resolved = cache(resolved)

    @cached_property
    def _root(self) -> str:
        """The top of the clone, from which git tells paths."""
        return ask(self._folder, "rev-parse", "--show-toplevel").text.strip() or str(self._folder)

    def suspects(
        self, functions: Sequence[SuspectFunction], good: str, bad: str
    ) -> Unredacted[tuple[Suspect, ...]]:
        """Commits after `good` up to `bad` that touch these functions, in their order, and then those that touch the files of the first."""
        return Unredacted(tuple(self._suspects(functions, good, bad)))

    def _suspects(self, functions: Sequence[SuspectFunction], good: str, bad: str) -> Iterator[Suspect]:
        """Each commit once, three at most."""
        commits = [self._resolved(self._root, name) for name in (good, bad)]
        if any(said.problem for said in commits):
            return
        span, last = f"{commits[0].text}..{commits[1].text}", commits[1].text
        at_functions = (one for function in functions for one in self._of_function(function, span, last))
        seen: set[str] = set()
        for suspect in chain(at_functions, self._of_files(functions, span, last)):
            if suspect.commit not in seen:
                seen.add(suspect.commit)
                yield suspect
            if len(seen) == _MOST_COMMITS:
                return

    def path(self, place: str, commit: str = "") -> str:
        """The file of a place (`path:line`) within the repository; "" where the clone does not hold the commit or no one file fits."""
        at = self._resolved(self._root, commit or "HEAD")
        return "" if at.problem else self._path(place, at.text)

    def owners(self, path: str) -> Unredacted[tuple[str, ...]]:
        """Whom CODEOWNERS of what is checked out names for a file."""
        return Unredacted(tuple(self._owners(path)))

    def _owners(self, path: str) -> Iterator[str]:
        texts = (self._said("cat-file", "blob", f"HEAD:{place}") for place in _PLACES)
        text = next(filter(None, texts), "") if path else ""
        if not text:
            return
        from codeowners import CodeOwners  # noqa: PLC0415 - few repositories have such a file

        bare = "\n".join(_COMMENT.sub("", line) for line in text.splitlines())
        try:
            yield from (name for _kind, name in CodeOwners(bare).of(path))
        except (ValueError, re.error):  # a pattern that is none: GitHub takes no such file either
            return

    def _path(self, place: str, commit: str) -> str:
        """The one file of a commit whose path ends like this one in most of its parts."""
        parts = PurePosixPath(place.rpartition(":")[0]).parts[::-1]
        listed = self._said("ls-tree", "-r", "--name-only", "--full-tree", "-z", commit).split("\0")
        fits = {name: _alike(parts, name) for name in listed if parts and name.endswith(parts[0])}
        most = max(fits.values(), default=0)
        best = [name for name, alike in fits.items() if alike == most]
        return best[0] if len(best) == 1 and most >= min(2, len(parts)) else ""

    def _of_function(self, function: SuspectFunction, span: str, last: str) -> Iterator[Suspect]:
        """The commits of a span that touch the lines of a function, newest first."""
        path = self._path(function.place, last)
        lines = self._lines(function, path, last) if path else None
        if lines is not None:
            log = self._said(*_LOG, f"-L{lines[0]},{lines[1]}:{path}", span)
            yield from _read(log, _touches(function), path)

    def _of_files(self, functions: Sequence[SuspectFunction], span: str, last: str) -> Iterator[Suspect]:
        """The commits of a span that touch the files in which tests leave their green paths."""
        direct = [function for function in functions if not function.above]
        for path in dict.fromkeys(
            self._path(f.place, at) for f in direct for at in (last, span.partition("..")[0])
        ):
            if path:
                log = self._said(*_LOG, "--patch", "--no-renames", span, "--", f":(top,literal){path}")
                yield from _read(log, f"{path.rpartition('/')[2]} beside the functions on the way", path)

    def _lines(self, function: SuspectFunction, path: str, commit: str) -> tuple[int, int] | None:
        """The first and last line of a function in a commit; of several of one name the one nearest to where it stood."""
        try:
            tree = ast.parse(self._said("cat-file", "blob", f"{commit}:{path}"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        wanted = [p for p in function.function.rpartition(":")[2].split(".") if not p.startswith("<")]
        line = function.place.rpartition(":")[2]
        near = int(line) if line.isdecimal() and len(line) < 9 else 0
        found = [_span(node) for node in _named(tree, wanted)]
        return min(found, key=lambda span: (abs(span[0] - near), span), default=None)

    def _git_output(self, *arguments: str) -> str:
        """What git prints; "" where it refuses, or nobody has time left for it."""
        if self._clock() > self._until:
            return ""
        return ask(self._root, *arguments).text


def _alike(parts: Sequence[str], name: str) -> int:
    """How many parts two paths have in common from their ends."""
    both = zip(parts, PurePosixPath(name).parts[::-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))


def _named(node: ast.AST, names: Sequence[str]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions below a node that have this qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if names[:1] != [child.name]:
                continue
            if len(names) > 1:
                yield from _named(child, names[1:])
            elif not isinstance(child, ast.ClassDef):
                yield child
        else:
            yield from _named(child, names)  # what stands under an if or try


def _span(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    """The lines of a function with its decorators."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first, node.end_lineno or node.lineno


def _touches(function: SuspectFunction) -> str:
    """What a commit touches, in words."""
    name = function.function.rpartition(":")[2]
    if not function.above:
        return f"{name}, where {function.tests} of {function.of} failing tests leave the path of their last green run"
    return f"{name}, {function.above} call{'s' * (function.above != 1)} above where they leave it"


def _read(log: str, touches: str, path: str) -> Iterator[Suspect]:
    """The commits of a log with their hunks, those of one commit one after the other."""
    for entry in log.split("\x1e")[1:]:
        sha, at, subject, diff = [*entry.split("\x1f", 3), "", "", ""][:4]
        lines = tuple(line for hunk in hunks(diff) for line in (hunk.header, *hunk.lines))
        if lines:
            yield Suspect(Fact(sha), when(at), subject, touches, path, lines)
