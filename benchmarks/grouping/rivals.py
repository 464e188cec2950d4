"""Other ways to group the same failures: each takes a run's failures and gives every one a group's name.

Drain3 and rapidfuzz are the packages themselves. The rest are small re-implementations of published rules, each a
few lines, so that a reader can see that they were given a fair chance. Where a rival has a knob, it is also shown at the
setting that is best *on this very corpus*, which is more than it would get in practice.
"""

import re
from collections.abc import Callable, Sequence

from triagebot.reports.model import Failure

Grouping = Callable[[Sequence[Failure]], list[str]]


def first_line(failure: Failure) -> str:
    """The line that most tools take for the message: the report's own, else the last line of the text."""
    lines = (failure.message or failure.text[-300:]).strip().splitlines()
    return lines[0] if lines else ""


def stack_lines(failure: Failure) -> list[str]:
    """The places of the traceback, innermost last, without line numbers."""
    return [m[1] for m in re.finditer(r"^([^\s:][^:\n]{1,300}):\d{1,7}:", failure.text, re.MULTILINE)]


def each(rule: Callable[[Failure], str]) -> Grouping:
    """A rule that looks at one failure at a time."""
    return lambda failures: [rule(f) for f in failures]


def numbers_masked(failure: Failure) -> str:
    return re.sub(r"0x[0-9a-f]+|[0-9a-f]{12,}|\d+", "N", first_line(failure))


def exception_type(failure: Failure) -> str:
    return first_line(failure).split(":")[0]


def top_frames(failure: Failure) -> str:
    return " ".join(stack_lines(failure)[-3:])


def message_and_stack(failure: Failure) -> str:
    return numbers_masked(failure) + " | " + " ".join(stack_lines(failure)[-5:])


def drain3(similarity: float = 0.4, depth: int = 4, *, masked: bool = False) -> Grouping:
    """Drain3's template miner over first lines, from a clean state, as its README sets it up."""

    def grouping(failures: Sequence[Failure]) -> list[str]:
        from drain3 import TemplateMiner
        from drain3.masking import MaskingInstruction
        from drain3.template_miner_config import TemplateMinerConfig

        config = TemplateMinerConfig()
        config.drain_sim_th, config.drain_depth = similarity, depth
        if masked:
            config.masking_instructions = [
                MaskingInstruction(r"0x[0-9a-fA-F]+", "HEX"),
                MaskingInstruction(r"[0-9a-f]{12,}", "ID"),
                MaskingInstruction(r"\d+", "NUM"),
            ]
        miner = TemplateMiner(config=config)
        return [str(miner.add_log_message(first_line(f))["cluster_id"]) for f in failures]

    return grouping


def rapidfuzz(threshold: float = 85) -> Grouping:
    """Leader clustering: a failure joins the first group whose leader is similar enough, else it leads a new one."""

    def grouping(failures: Sequence[Failure]) -> list[str]:
        from rapidfuzz import fuzz, process

        leaders: list[str] = []
        names = []
        for failure in failures:
            line = first_line(failure)
            best = process.extractOne(line, leaders, scorer=fuzz.ratio, score_cutoff=threshold)
            if best is None:
                leaders.append(line)
            names.append(str(best[2] if best else len(leaders) - 1))
        return names

    return grouping


RIVALS: dict[str, Grouping] = {
    "test id": each(lambda f: f.test.split("[")[0]),
    "exact message": each(first_line),
    "exception type": each(exception_type),
    "numbers masked": each(numbers_masked),
    "top 3 frames": each(top_frames),
    "message + 5 stack lines": each(message_and_stack),
    "Drain3 (default)": drain3(),
}

TUNED: dict[str, list[tuple[str, Grouping]]] = {
    "Drain3": [
        (f"sim {s}, depth {d}{', masked' if m else ''}", drain3(s, d, masked=m))
        for s in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
        for d in (4, 6)
        for m in (False, True)
    ],
    "rapidfuzz": [(f"ratio {t}", rapidfuzz(t)) for t in (60, 70, 75, 80, 85, 90, 95)],
}
