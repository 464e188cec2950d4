"""What is at risk when tests fail: the configured suites that they belong to, in the order of the config.

In: display ids and suites. Out: one `Impact`. Risks of one stream are the same money and counted once; nothing is
ever added up.
"""

from collections.abc import Iterable, Sequence

from triagebot.config import Risk as ConfiguredRisk
from triagebot.config import Suite
from triagebot.groups.model import Group, Impact, Risk

_CURRENCIES = ("$", "€", "£", "¥")


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


def joined_impact(groups: Sequence[Group]) -> Impact:
    """The impact of all groups: the most urgent priority, everything else united in order without repeats."""
    impacts = [group.impact for group in groups]
    return Impact(
        priority=min((impact.priority for impact in impacts), default="P3"),
        suites=_united(impact.suites for impact in impacts),
        phases=_united(impact.phases for impact in impacts),
        areas=_united(impact.areas for impact in impacts),
        owners=_united(impact.owners for impact in impacts),
        risks=tuple(dict.fromkeys(risk for impact in impacts for risk in impact.risks)),
    )


def _united(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Every text once, in order."""
    return tuple(dict.fromkeys(text for texts in lists for text in texts))


def risk_text(risk: Risk) -> str:
    """A risk in words: `chat golden path ($120K MRR)` for 120000 of the unit "$ MRR"; its text alone without an amount."""
    if risk.amount is None:
        return risk.text
    return f"{risk.text} ({amount_text(risk.amount, risk.unit)})"


def amount_text(amount: float, unit: str) -> str:
    """An amount of a unit in words: `$120K MRR` for 120000 of "$ MRR"."""
    sign, _, rest = unit.rpartition(" ") if unit[:1] in _CURRENCIES else ("", "", unit)
    return f"{sign}{_short(amount)} {rest}".strip()


def _short(amount: float) -> str:
    """An amount as people say it: 120K, 1.5M, 850. Digits that the short form would lose are kept."""
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if amount >= size and amount * 10 % size == 0:
            return f"{amount / size:g}{letter}"
    return f"{amount:,.10g}"


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
