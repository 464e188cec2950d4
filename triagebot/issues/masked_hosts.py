"""Failures whose host one report masks (`https://***/v1`) and the next one names, or the other way round: one issue, not two.

In: the groups of a run, our issues. Out: the groups; one that only lacks its host, or has what an issue lacks, is also known by that issue's
key. Where more than one could be meant, none is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from triagebot.config import Config
from triagebot.groups.model import Group
from triagebot.issues.match import issue_of
from triagebot.issues.model import Issue


def with_masked_hosts(groups: Sequence[Group], issues: Sequence[Issue], config: Config) -> tuple[Group, ...]:
    """The groups, those without an issue under the key of the one that only the mask of a host keeps from them."""
    named = Counter(group.signature.bare for group in groups)
    return tuple(_known(group, named[group.signature.bare], issues, config) for group in groups)


def _known(group: Group, alike: int, issues: Sequence[Issue], config: Config) -> Group:
    """One group; `alike` counts those of the run that differ from it by no more than the host."""
    signature = group.signature
    if not (signature.masked or (signature.bare and alike == 1)) or issue_of(
        signature.known_as, issues, config
    ):
        return group
    keys = list(_candidates(group, issues))
    return (
        replace(group, signature=replace(signature, former=(*signature.former, *keys)))
        if len(keys) == 1
        else group
    )


def _candidates(group: Group, issues: Iterable[Issue]) -> Iterable[str]:
    """Keys of issues that are about this group but for a host that one of both does not name."""
    signature = group.signature
    for marker in (issue.marker for issue in issues if issue.marker and issue.state_reason != "duplicate"):
        masked_here = signature.masked and marker.bare == signature.key
        masked_there = signature.bare and marker.masked and marker.key == signature.bare
        if masked_here or masked_there:
            yield marker.key
