"""Identity: would a maintainer file this failure under the same issue as that one, today and next month?

In: one `Failure` (and what the config says). Out: a `Signature` with its key, or the whole `Judgement` that led there.
Nothing here looks at another failure, at history, or at the order of anything; nothing raises on outside text.
"""

from collections.abc import Callable
from dataclasses import replace

from triagebot.reports.model import Failure
from triagebot.signatures.explanation import Difference, Explanation, explain, why_not_same
from triagebot.signatures.extractors import EXTRACTORS
from triagebot.signatures.key import key
from triagebot.signatures.model import ALGORITHM, Judgement, Part, Signature
from triagebot.signatures.rules import Complaint
from triagebot.signatures.rules import lint as lint_rules
from triagebot.signatures.settings import Settings, settings
from triagebot.signatures.signing import judge, names_its_test, sign

Judge = Callable[[Failure, Settings], Judgement]


def _before(failure: Failure, chosen: Settings) -> Judgement:
    """What version 1 makes of a failure."""
    return judge(failure, replace(chosen, algorithm=1))


ALGORITHMS: dict[int, Judge] = {1: _before, ALGORITHM: judge}
"""The versions that this release ships. A new one is added beside the old, which stays for a release."""

__all__ = [
    "ALGORITHM",
    "ALGORITHMS",
    "EXTRACTORS",
    "Complaint",
    "Difference",
    "Explanation",
    "Judgement",
    "Part",
    "Settings",
    "Signature",
    "explain",
    "judge",
    "key",
    "lint_rules",
    "names_its_test",
    "settings",
    "sign",
    "why_not_same",
]
