"""Prints what is known about drafts, and plainly what is not. See the package's docstring for the commands."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path

from benchmarks.drafts.cases import ENV_SECRET, GOLD, SECRETS, Case, cases
from benchmarks.drafts.replay import RECORDED, Replay, handwritten, recording
from benchmarks.drafts.rubric import GATES, PERSON, Score, score
from triagebot.config import Drafts
from triagebot.drafts.prompt import estimate
from triagebot.models.claude import Claude, params
from triagebot.models.claude.clients import Wire, connect
from triagebot.models.model import NoAccessError, Result
from triagebot.models.model_drafts import draft_all
from triagebot.redact import Redactor

NONE = (
    "**No model-quality figure exists.** No recorded answer is here: nobody with a key has run `--record` yet. Unknown are: how often the "
    "cause is right, how often the model abstains when it should, how its drafts score, what they cost, how often it is refused. "
    "Nothing below or above says anything about that."
)


def main() -> int:
    """The exit code: 1 for a secret in a prompt, for lost evidence, for a plumbing answer that ends elsewhere, for a strict miss."""
    options = _options()
    limits = Drafts(model=options.model) if options.model else Drafts()
    found = cases()
    print(f"# Drafts: {len(found)} cases from examples/staging\n")
    failures = evidence_table(found)
    failures += plumbing_table(found, limits)
    if options.record:
        failures += record(found, limits)
    failures += model_table(found, limits, strict=options.strict, sheet=options.sheet)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drafts")
    parser.add_argument(
        "--record", action="store_true", help="ask the model for every case and keep its answers"
    )
    parser.add_argument("--strict", action="store_true", help="a case without a recorded answer is a failure")
    parser.add_argument("--sheet", type=Path, help="write the form for a person's judgement here")
    parser.add_argument("--model", default="", help="another model than the default one")
    return parser.parse_args()


def evidence_table(found: Sequence[Case]) -> list[str]:
    """Whether the catalogue holds what an expert needs, what it costs to send, and what must not be in it."""
    failures = [f"{case.name}: {name} is in the prompt" for case in found for name in leaked(case)]
    print("## Evidence (measured, no model involved)\n")
    print(
        "| variation | cases | evidence does not lead to the cause | needed lines found | tokens in (median) | log records dropped |"
    )
    print("|---|---|---|---|---|---|")
    for variation in dict.fromkeys(case.variation for case in found):
        alike = [case for case in found if case.variation == variation]
        held = sum(len(present(case)[0]) for case in alike)
        of = sum(len(needed(case)) for case in alike)
        tokens = sorted(estimate(case.request, Drafts()).input_tokens for case in alike)
        read, dropped = (sum(case.catalogue.contrasted[at] for case in alike) for at in (0, 1))
        unanswerable = sum(not case.answerable for case in alike)
        share = f"{100 * dropped / read:.0f} %" if read else "no log"
        print(
            f"| {variation} | {len(alike)} | {unanswerable} | {held} of {of} | {tokens[len(tokens) // 2]} | {share} |"
        )
        if variation == "as it is" and held < of:
            failures += [
                f"{case.name}: not in the catalogue: {lost}" for case in alike for lost in present(case)[1]
            ]
    hopeless = sum(not case.answerable for case in found)
    print(
        f"\n{len(found)} cases, {hopeless} of them ({100 * hopeless / len(found):.0f} %) not answerable from their evidence."
    )
    planted = sum("secrets" in case.variation for case in found)
    print(
        f"Secrets planted in {planted} cases; found in prompts: {sum(bool(leaked(case)) for case in found)}.\n"
    )
    return failures


def needed(case: Case) -> list[str]:
    """The lines that gold asks for."""
    return [words for fault in case.faults for words in GOLD[fault]["evidence"]]


def present(case: Case) -> tuple[list[str], list[str]]:
    """(needed words that the prompt holds, those that it does not)."""
    text = case.request.turns[0].text
    return [w for w in needed(case) if w in text], [w for w in needed(case) if w not in text]


def leaked(case: Case) -> list[str]:
    """The planted secrets that are in a prompt."""
    text = case.request.system + case.request.turns[0].text
    return [name for name, secret in SECRETS.items() if secret in text]


def plumbing_table(found: Sequence[Case], limits: Drafts) -> list[str]:
    """Hand-written answers on their way through checking, degrading and scoring. They are no measure of a model."""
    failures = []
    by_name = {case.name: case for case in found}
    print("## Plumbing (answers written by hand; they say nothing about any model)\n")
    print("| answer | case | outcome | verdict | points that code gives | wrong claims |")
    print("|---|---|---|---|---|---|")
    for answer in handwritten():
        case = by_name[answer.case]
        result = asked([case], limits, answer.wire(case))[0]
        judged = score(case, result.draft) if result.draft else None
        print(f"| {answer.name} | {case.name} | {_row(result, judged)} |")
        if result.outcome != answer.expects:
            failures.append(
                f"{answer.name}: ended as {result.outcome}, not as {answer.expects} ({', '.join(result.rules)})"
            )
    print()
    return failures


def _row(result: Result, judged: Score | None) -> str:
    if result.draft is None or judged is None:
        return f"{result.outcome} | digest | - | -"
    points = "{} of {}".format(*judged.computed)
    return f"{result.outcome} | {result.draft.answer.verdict} | {points} | {', '.join(judged.forbidden) or 'none'}"


def asked(
    found: Sequence[Case], limits: Drafts, wire: Wire, progress: Callable[[str, str], None] | None = None
) -> list[Result]:
    """The results for some cases over a wire, without caps."""
    free = replace(limits, max_groups=len(found), max_usd=1e6, deadline_s=1e6)
    drafting = draft_all(
        [case.request for case in found],
        free,
        env={},
        redactor=Redactor({"DEPLOY_TOKEN": ENV_SECRET}),
        clock=time.monotonic,
        sleep=time.sleep,
        progress=progress or (lambda _key, _state: None),
        model=Claude(wire, limits),
    )
    return list(drafting.results)


def record(found: Sequence[Case], limits: Drafts) -> list[str]:
    """Ask the model for every case. Costs money: the worst case is said before the first call."""
    worst = sum(2 * estimate(case.request, limits).usd for case in found)
    print(f"Recording {len(found)} cases with {limits.model}: at most {worst:.2f} USD.", file=sys.stderr)
    try:
        real = connect(limits, os.environ)
    except NoAccessError as error:
        return [f"--record: {error.detail}"]
    RECORDED.mkdir(exist_ok=True)
    wire = recording(real, RECORDED, Redactor({"DEPLOY_TOKEN": ENV_SECRET}).text)
    results = asked(found, limits, wire, lambda key, state: print(f"{key}: {state}", file=sys.stderr))
    print(f"Recorded: {dict(Counter(result.outcome for result in results))}", file=sys.stderr)
    return []


def model_table(found: Sequence[Case], limits: Drafts, *, strict: bool, sheet: Path | None) -> list[str]:
    """What recorded answers say about the model; that there are none, where there are none."""
    print("## The model\n")
    have = [case for case in found if (RECORDED / f"{_key(case, limits)}.json").exists()]
    failures = [f"no recorded answer: {case.name}" for case in found if case not in have] if strict else []
    if not have:
        print(NONE)
        return failures
    replay = Replay()
    results = asked(have, limits, replay.wire())
    failures += [f"no recorded answer: {miss}" for miss in replay.misses]
    judged = [
        (case, result, score(case, result.draft) if result.draft else None)
        for case, result in zip(have, results, strict=True)
    ]
    _model_rows(judged, len(found))
    if sheet:
        sheet.write_text(form(judged), encoding="utf-8")
    return failures


def _key(case: Case, limits: Drafts) -> str:
    from benchmarks.drafts.replay import key

    return key(params(case.request, limits))


def _model_rows(judged: Sequence[tuple[Case, Result, Score | None]], of: int) -> None:
    """The figures, each with its Wilson interval and what it leaves out."""
    drafts = [(case, held) for case, _, held in judged if held]
    can = [(case, held) for case, held in drafts if case.answerable]
    cannot = [(case, held) for case, held in drafts if not case.answerable]
    print(f"{len(judged)} of {of} cases have a recorded answer; {len(drafts)} became drafts.\n")
    print("| figure | value | 95 % interval |\n|---|---|---|")
    print(
        _share(
            "right cause where the evidence leads to it (by words, a floor)",
            [held.right_cause for _, held in can],
        )
    )
    print(
        _share("no cause claimed as supported where it does not", [held.right_verdict for _, held in cannot])
    )
    print(_share("no wrong claim on the way to a root", [not held.forbidden for _, held in drafts]))
    print(_share("all gates open after checking", [all(held.gates.values()) for _, held in drafts]))
    given, possible = (sum(held.computed[at] for _, held in drafts) for at in (0, 1))
    print(f"| points that code can give | {given} of {possible} | |")
    print(f"\nOutcomes: {dict(Counter(result.outcome for _, result, _ in judged))}")
    print(f"{len(PERSON)} of the 12 points need a person: use `--sheet`.")


def _share(name: str, hits: Sequence[bool]) -> str:
    """A row with a share and its Wilson interval."""
    if not hits:
        return f"| {name} | no case | |"
    low, high = wilson(sum(hits), len(hits))
    return f"| {name} | {sum(hits)} of {len(hits)} | {100 * low:.0f} to {100 * high:.0f} % |"


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share."""
    share, spread = hits / of, z * z / of
    middle = share + spread / 2
    reach = z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)


def form(judged: Sequence[tuple[Case, Result, Score | None]]) -> str:
    """What a person fills in: the truth, the draft's steps, and the points that only a person can give."""
    parts = ["# Judging drafts\n\nGive 1 or 0 for every point. A shut gate makes the whole draft 0.\n"]
    for case, result, held in judged:
        truth = "; ".join(GOLD[fault]["mechanism"] for fault in case.faults)
        parts.append(f"## {case.name}\n\nTruth: {truth}\n\nOutcome: {result.outcome}\n")
        if result.draft and held:
            parts += [f"- {why.id} ({why.status}) {why.sentence}" for why in result.draft.answer.whys]
            parts += ["", *(f"- gate {name}: {'open' if held.gates[name] else 'SHUT'}" for name in GATES)]
            parts += [
                f"- {name}: {'____' if value is None else int(value)}" for name, value in held.points.items()
            ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
