"""History on an orphan branch: shared by every runner, kept by nothing but the repository.

In: runs; a `Branch` that can read files and move its ref from a known commit to a new one. Out: the same as any store,
answered from SQLite, into which the branch is read on start. Writers that race lose the swap, look again and try again,
so no run that was reported as recorded is lost.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from triagebot.errors import UserError
from triagebot.groups.model import Group
from triagebot.history.model import Past
from triagebot.issues.model import Issue
from triagebot.reports.model import Problem, Run, Scope
from triagebot.stores.rows import RunFile, run_file
from triagebot.stores.run_files import decode, encode, outdated, path_of
from triagebot.stores.sql import SqlHistory

KEEP_DAYS = 90
TRIES = 12


class Branch(Protocol):
    """A branch that holds nothing but our files. Its methods raise what their transport raises."""

    def head(self) -> str | None:
        """The commit that the branch points to; None when there is no branch yet."""

    def files(self, commit: str) -> Mapping[str, str]:
        """Paths of a commit with the ids of their contents."""

    def read(self, content: str) -> bytes:
        """The bytes of a content id."""

    def swap(
        self, parent: str | None, add: Mapping[str, bytes], remove: Collection[str], message: str
    ) -> str | None:
        """Commit on top of `parent` and move the branch there; None, and nothing moved, if it is elsewhere by now."""


class BranchHistory:
    """The history of one repository on a branch. `problems` are files that could not be read; they are left alone."""

    def __init__(self, branch: Branch, cache: SqlHistory, keep_days: int = KEEP_DAYS) -> None:
        self.branch = branch
        self.cache = cache
        self.keep_days = keep_days
        self.problems: tuple[Problem, ...] = ()
        self._read: set[str] = set()
        if (head := branch.head()) is not None:
            self._take_in(self.branch.files(head))

    def record(self, run: Run, groups: Sequence[Group], *, now: datetime) -> bool:
        """Keep a run on the branch, and drop files that are too old; False when it was recorded before.

        Raises UserError when other writers won the swap every time.
        """
        file = run_file(run, groups, now)
        path = path_of(file)
        for _ in range(TRIES):
            head = self.branch.head()
            files = {} if head is None else self.branch.files(head)
            if path in files or self._recorded(file, files):
                return False
            old = outdated(files, now, self.keep_days)
            if self.branch.swap(head, {path: encode(file)}, old, f"history: run {file.id[:80]}") is not None:
                self._read.add(path)
                return self.cache.keep(file)
        raise UserError(
            f"the history branch was moved by others {TRIES} times in a row; run again, or use a database (--history URL)"
        )

    def _recorded(self, file: RunFile, files: Mapping[str, str]) -> bool:
        """Whether the run is known under another day: a run without a start is kept under the day of its recording."""
        self._take_in(files)
        return self.cache.has(file.id)

    def past(
        self,
        scope: Scope,
        keys: Collection[str],
        tests: Collection[str] | None = None,
        *,
        but: str | None = None,
    ) -> Past:
        """As any store."""
        return self.cache.past(scope, keys, tests, but=but)

    def rebuild(self, issues: Sequence[Issue]) -> tuple[str, ...]:
        """As any store, in the local copy: occurrences that only issues remember stay there."""
        return self.cache.rebuild(issues)

    def _take_in(self, files: Mapping[str, str]) -> None:
        """Read files that are not in the copy yet."""
        problems = []
        for path in sorted(set(files) - self._read):
            read = decode(path, self.branch.read(files[path]))
            self._read.add(path)
            if isinstance(read, Problem):
                problems.append(read)
            else:
                self.cache.keep(read)
        self.problems = (*self.problems, *problems)
