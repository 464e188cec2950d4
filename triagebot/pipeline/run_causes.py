"""From groups to causes: what the tests of a run showed and where they left their green paths, and groups as they are filed.

In: a run, its groups, logs, green paths. Out: `FoundCauses`. `[causes] join` says whether groups are joined, only suggested,
or left as they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from triagebot.causes import Cause, causes, evidence_of
from triagebot.causes.cause_groups import NO_ISSUES, IssueNumbers, as_group, split_by_issue
from triagebot.causes.divergence import Divergence, divergences, shared_places
from triagebot.causes.model import SuspectFunction
from triagebot.causes.suspicion import suspects
from triagebot.config import Config
from triagebot.groups.model import Group
from triagebot.history import Green
from triagebot.reports.model import Run
from triagebot.steps import LogText, TestPath, paths

NO_GREEN: Mapping[str, Green] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FoundCauses:
    """The causes of a run, and where its failing tests (join ids) leave their green paths, where both paths are known.

    `ran` are the paths of the failing tests; `passed` says how many passing tests called each function.
    """

    causes: tuple[Cause, ...]
    left: Mapping[str, Divergence]
    joins: bool = True
    ran: Mapping[str, TestPath] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, ...], tuple[SuspectFunction, ...]] = field(default_factory=dict)

    def as_groups(self, numbers: IssueNumbers = NO_ISSUES) -> tuple[Group, ...]:
        """One group for each cause that is filed: keys that have issues (`numbers`) stay with them."""
        if self.joins:
            parts = (part for cause in self.causes for part in split_by_issue(cause, numbers))
        else:
            parts = (Cause((group,), (), c.explanations) for c in self.causes for group in c.groups)
        return tuple(as_group(part, self.left, self.suspects(part)) for part in parts)

    def suspects(self, cause: Cause) -> tuple[SuspectFunction, ...]:
        """The functions at which the tests of a cause leave their green paths, most suspect first."""
        tests = dict.fromkeys(failure.join for group in cause.groups for failure in group.failures)
        return self.functions([test for test in tests if test in self.left])

    def functions(self, tests: Sequence[str]) -> tuple[SuspectFunction, ...]:
        """The same for tests (join ids) that left theirs."""
        asked = tuple(tests)
        if asked not in self._known:
            ran = [self.ran[test] for test in tests]
            self._known[asked] = suspects([self.left[test] for test in tests], ran, self.passed)
        return self._known[asked]


def find_causes(
    run: Run,
    groups: Sequence[Group],
    config: Config,
    *,
    logs: Sequence[LogText] = (),
    green: Mapping[str, Green] = NO_GREEN,
) -> FoundCauses:
    """The causes behind the groups of a run. `logs` are redacted, `green` the last green runs by join id."""
    if config.causes.join == "off":
        return FoundCauses(tuple(Cause((group,)) for group in groups), {})
    own = paths(run, logs, config.hosts)
    failing = {failure.join: own[failure.join] for failure in run.failures if failure.join in own}
    passed = [own[case.join] for case in run.cases if case.outcome == "passed" and case.join in own]
    left = divergences(failing, {test: one.path for test, one in green.items()}, passed)
    found = causes(groups, evidence_of(run, own), shared_places(left))
    called: Mapping[str, int] = (
        Counter(step.text for path in passed for step in path.of("function")) if left else {}
    )
    return FoundCauses(found, left, config.causes.join == "strict", failing, called)
