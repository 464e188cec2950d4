"""What one command asks of history and records there: what was kept, what was refused, lacking, or recorded differently.

In: a way to open a history store, runs, issues as listed. Out: a `Past`, and sentences for people. A store that refuses,
at whatever moment, stops no filing: what cannot be read is taken from the issues' own memory; what was not kept is
tried once more when all is written, and what then is still owed stands in the issues, from which the next run takes it over.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial

from triagebot.errors import TrackerError, UserError
from triagebot.groups.model import Group
from triagebot.history import Green, Past, Timeline
from triagebot.issues import Issue, Settled
from triagebot.reports.model import Problem, Run, Scope
from triagebot.steps import TestPath
from triagebot.stores import NO_PATHS, History, Rebuilt, open_history
from triagebot.stores.run_files import NEWER

_NAMED = 5
"""How many runs are named in a sentence."""
Keep = Callable[[History], Rebuilt]
"""Something to be kept in a home, and what that home lacked."""


class HistoryRecorder:
    """A history store for the length of one command, opened when it is first asked. Without `home` nothing lasts."""

    def __init__(self, home: Callable[[], History] | None, now: Callable[[], datetime]) -> None:
        self.now = now
        self.lasting = home is not None
        self._open = home
        self._home: History | None = None
        self._unread: dict[str, None] = {}
        self._owed: list[tuple[Keep, str]] = []
        self._taken_over: dict[tuple[str, str], None] = {}
        self._disagreements: dict[str, None] = {}
        self.given: Mapping[str, Green] = {}
        """Green paths that were given by hand, which win over those of the home."""

    def past(
        self,
        scope: Scope,
        keys: Collection[str],
        tests: Collection[str] | None = None,
        *,
        but: str | None = None,
    ) -> Past:
        """What earlier runs saw, as `History.past`. What history does not tell is not known to this command."""
        try:
            return self._opened().past(scope, keys, tests, but=but)
        except (UserError, TrackerError) as error:
            self._unread[str(error)] = None
        return self._memory.past(scope, keys, tests, but=but)

    def timelines(
        self, keys: Collection[str], since: datetime, wanted: Callable[[Scope], bool]
    ) -> tuple[Timeline, ...]:
        """What history tells a board of every `wanted` scope; nothing where it does not answer."""
        try:
            home = self._opened()
            return tuple(home.timeline(s, keys, since) for s in home.scopes(since) if wanted(s))
        except (UserError, TrackerError) as error:
            self._unread[str(error)] = None
        return ()

    def green(self, scope: Scope, tests: Collection[str]) -> Mapping[str, Green]:
        """The paths of these tests (join ids) that were given by hand, else those of their last green runs, as far as history tells."""
        held: Mapping[str, Green] = {}
        try:
            held = self._opened().green(scope, tests)
        except (UserError, TrackerError) as error:
            self._unread[str(error)] = None
        given = {test: self.given[test] for test in tests if test in self.given}
        return {**held, **given}

    def settled(self, keys: Collection[str]) -> Sequence[Settled]:
        """What people decided about the causes of these keys, as far as history tells."""
        try:
            return self._opened().settled(keys)
        except (UserError, TrackerError) as error:
            self._unread[str(error)] = None
        return ()

    def keep(
        self,
        run: Run,
        groups: Sequence[Group],
        issues: Sequence[Issue],
        green: Mapping[str, TestPath] = NO_PATHS,
    ) -> None:
        """Makes a run history, what only the issues remember with it, and the paths that it proves green."""
        self._try(partial(self._keep, run, groups, issues, green))

    def compare(self, issues: Sequence[Issue]) -> None:
        """Takes over what only the issues remember, and notes what disagrees."""
        self._try(partial(self._compare, issues))

    def session_lines(self) -> Mapping[str, Mapping[str, str]]:
        """What sessions remember, as far as history tells."""
        try:
            return self._opened().session_lines()
        except (UserError, TrackerError) as error:
            self._unread[str(error)] = None
            return {}

    def add_session_lines(self, session: str, lines: Mapping[str, tuple[datetime, str]]) -> None:
        """Keeps lines of a session."""
        self._try(partial(_add_lines, session, lines))

    def settle(self) -> None:
        """Tries once more what was refused."""
        owed, self._owed = self._owed, []
        for keep, _ in owed:
            self._try(keep)

    def close(self) -> None:
        """Lets go of what was opened."""
        for store in (self._home, self.__dict__.get("_memory")):
            if store is not None:
                store.close()

    @property
    def alone(self) -> bool:
        """Whether the issues are the only memory of this run that lasts."""
        return not self.lasting or bool(self._owed)

    @property
    def refusal(self) -> str:
        """What the home refused, in sentences; "" for nothing. What was refused once and done later is none."""
        return " ".join(filter(None, (self._notice_unread(), self._notice_owed(), self._notice_newer())))

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know: what the store refused, what it had missed, where issues tell something else."""
        return tuple(
            filter(
                None,
                (
                    self.refusal,
                    self._notice_damaged(),
                    self._notice_taken_over(),
                    self._notice_disagreements(),
                ),
            )
        )

    def _notice_unread(self) -> str:
        """What could not be read."""
        if not self._unread:
            return ""
        return f"History could not be read: {_joined(self._unread)}. The issues' own memory took its place."

    def _notice_owed(self) -> str:
        """What was not kept to the end."""
        if not self._owed:
            return ""
        reasons = _joined(dict.fromkeys(reason for _, reason in self._owed))
        return f"History was not kept: {reasons}. What was filed stands in the issues; the next run takes it over."

    def _notice_newer(self) -> str:
        """What a newer triagebot wrote."""
        found = [problem for problem in self._problems() if NEWER in problem.reason]
        return _left_alone(found) and f"{_left_alone(found)} Upgrade triagebot."

    def _notice_damaged(self) -> str:
        """What nobody can read."""
        return _left_alone([problem for problem in self._problems() if NEWER not in problem.reason])

    def _problems(self) -> tuple[Problem, ...]:
        """What could not be read of the home."""
        return self._home.problems if self._home else ()

    def _notice_taken_over(self) -> str:
        """What a lasting store had missed."""
        if not self.lasting or not self._taken_over:
            return ""
        runs = list(dict.fromkeys(run for _, run in self._taken_over))
        more = f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else ""
        return (
            f"History lacked {len(self._taken_over)} occurrences that issues hold, of {', '.join(runs[:_NAMED])}{more}; "
            "they were taken over from the issues."
        )

    def _notice_disagreements(self) -> str:
        """What both know and tell differently."""
        said = list(self._disagreements)
        more = f"; and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
        return (
            f"History and issues disagree, and neither was changed: {'; '.join(said[:_NAMED])}{more}."
            if said
            else ""
        )

    def _opened(self) -> History:
        """The home, opened unless it is. Raises UserError or TrackerError."""
        if self._home is None:
            self._home = self._open() if self._open else self._memory
        return self._home

    @cached_property
    def _memory(self) -> History:
        """A memory that ends with the command."""
        return open_history("sqlite://")

    def _try(self, keep: Keep) -> None:
        """What the home refuses is owed. What it did not tell either, the rest of this command remembers."""
        try:
            found = keep(self._opened())
        except (UserError, TrackerError) as error:
            self._owed.append((keep, str(error)))
        else:
            self._taken_over |= dict.fromkeys(found.taken_over)
            self._disagreements |= dict.fromkeys(found.disagreements)
        if self._unread:
            keep(self._memory)

    def _keep(
        self,
        run: Run,
        groups: Sequence[Group],
        issues: Sequence[Issue],
        green: Mapping[str, TestPath],
        store: History,
    ) -> Rebuilt:
        """The run first: whoever is killed between the two leaves no row in an issue that history lacks.

        A run in which nothing was to run is none: tests that no longer come must be missed.
        """
        if not run.idle:
            store.record(run, groups, now=self.now(), green=green)
        return self._compare(issues, store)

    def _compare(self, issues: Sequence[Issue], store: History) -> Rebuilt:
        """One look at the issues' tables."""
        return store.rebuild(issues, now=self.now())


def _add_lines(session: str, lines: Mapping[str, tuple[datetime, str]], store: History) -> Rebuilt:
    """Lines of a session into a home."""
    store.add_session_lines(session, lines)
    return Rebuilt()


def _joined(reasons: Collection[str]) -> str:
    """Several reasons in one sentence."""
    return "; ".join(reason.rstrip(".") for reason in reasons)


def _left_alone(problems: Sequence[Problem]) -> str:
    """A sentence about files that could not be read; "" for none."""
    if not problems:
        return ""
    more = f" and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    named = "; ".join(f"{problem.path}: {problem.reason}" for problem in problems[:_NAMED])
    return f"History holds files that were left alone: {named}{more}."
