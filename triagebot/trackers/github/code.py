"""The repository's code as GitHub tells it: what a commit changed, and which commits lie between two.

In: the API and names of commits. Out: `Changes`, still with everything that people wrote into them. A commit that GitHub
does not know is a problem in them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote

from triagebot.drafts.model import Changes, Commit, Hunk
from triagebot.redact import Unredacted
from triagebot.sources.git import MOST_HUNKS, hunks
from triagebot.trackers.github import responses
from triagebot.trackers.github.requests import UNPROCESSABLE, Api, GoneError, RefusedError
from triagebot.trackers.github.responses import CommitAnswer, FileAnswer
from triagebot.trackers.github.unknowns import Unknowns

_QUESTION = "tell what changed in the code"
_UNKNOWN = "GitHub does not know such a commit"


@dataclass(frozen=True, slots=True)
class Code:
    """The code of one repository."""

    api: Api
    unknowns: Unknowns

    def fix(self, commit: str) -> Unredacted[Changes]:
        """What one commit changed beside its first parent. Raises TrackerError where GitHub does not answer."""
        return Unredacted(_known(Changes(bad=commit), lambda: self._fix(commit)))

    def between(self, good: str, bad: str) -> Unredacted[Changes]:
        """The commits after `good` up to `bad`, newest first, the last 100, and the hunks of the whole difference.

        Where GitHub does not answer that is a problem in them, and one sentence for people.
        """
        asked = Changes(good, bad)
        found = self.unknowns.ask(_QUESTION, lambda: _known(asked, lambda: self._between(good, bad)))
        return Unredacted(found or replace(asked, problem="GitHub did not tell"))

    def _fix(self, commit: str) -> Changes:
        _, data = self.api.get(f"/commits/{quote(commit, safe='')}")
        told = responses.shaped(responses.COMMIT, data, "a commit")
        return Changes(bad=told.sha, commits=(_commit(told),), hunks=_hunks(told.files))

    def _between(self, good: str, bad: str) -> Changes:
        basehead = f"{quote(good, safe='')}...{quote(bad, safe='')}"
        _, data = self.api.get(f"/compare/{basehead}", {"per_page": 100, "page": 1})
        told = responses.shaped(responses.COMPARISON, data, "a comparison of commits")
        commits = tuple(map(_commit, reversed(told.commits)))
        return Changes(good, bad, commits, _hunks(told.files), truncated=told.total_commits > len(commits))


def _known(asked: Changes, ask: Callable[[], Changes]) -> Changes:
    """The answer; a commit that GitHub does not know is a problem."""
    try:
        return ask()
    except GoneError:
        return replace(asked, problem=_UNKNOWN)
    except RefusedError as error:
        if error.status != UNPROCESSABLE:
            raise
        return replace(asked, problem=_UNKNOWN)


def _commit(answer: CommitAnswer) -> Commit:
    """One commit with the first line of its message."""
    by, message = answer.commit.committer, answer.commit.message
    return Commit(answer.sha, by.date if by else None, message.partition("\n")[0])


def _hunks(files: Iterable[FileAnswer]) -> tuple[Hunk, ...]:
    """The hunks of all files, as many as git's own are taken; of a file without a patch its name."""
    return tuple(islice(_each(files), MOST_HUNKS))


def _each(files: Iterable[FileAnswer]) -> Iterator[Hunk]:
    for file in files:
        yield from (
            hunks(f"+++ b/{file.filename}\n{file.patch}") if file.patch else [Hunk(file.filename, "", ())]
        )
