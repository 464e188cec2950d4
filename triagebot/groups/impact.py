"""What is at risk when tests fail: the configured suites that they belong to, in the order of the config.

In: display ids and suites. Out: one `Impact`. Risks of one stream are the same money and counted once; nothing is
ever added up.
"""

from collections.abc import Iterable, Sequence

from triagebot.config import Risk as ConfiguredRisk
from triagebot.config import Suite
from triagebot.groups.model import Impact, Risk


def impact(tests: Iterable[str], suites: Sequence[Suite]) -> Impact:
    """The impact of these tests failing. Without a suite the priority is P3 and nothing is said."""
    failing = tuple(tests)
    hit = [suite for suite in suites if any(suite.holds(test) for test in failing)]
    if not hit:
        return Impact()
    return Impact(
        priority=min(suite.priority for suite in hit),
        suites=_unique(suite.name or suite.match for suite in hit),
        phases=_unique(suite.phase for suite in hit),
        areas=_unique(suite.area for suite in hit),
        owners=_unique(suite.owner for suite in hit),
        risks=_risks(suite.impact for suite in hit if suite.impact),
    )


def _risks(configured: Iterable[ConfiguredRisk]) -> tuple[Risk, ...]:
    """Every risk once; of several with one stream and unit the greatest stands for it."""
    kept: dict[tuple[str, str], Risk] = {}
    for risk in configured:
        found = Risk(risk.text, risk.amount, risk.unit, risk.stream)
        name = (risk.stream, risk.unit) if risk.stream else (risk.text, risk.unit)
        held = kept.get(name)
        if held is None or (held.amount or 0) < (found.amount or 0):
            kept[name] = found
    return tuple(kept.values())


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
