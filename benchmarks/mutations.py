"""Play mutated reports against every reader, and print crashes, hangs, red called green, the worst memory and time.

    python -m benchmarks.mutations [--count 20000] [--seed 1] [--jobs 2] [--show SEED:NUMBER]

Input N of seed S is always the same: a report of the corpus (tests/data, examples), damaged one to three times. Each is
handed to the whole command `group --json` in a process of its own world; one in ten to `triage` as well. The gate plays
a small part of it (tests/reports/test_mutations.py).
"""

import argparse
import encodings.aliases
import io
import json
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from triagebot.cli import run
from triagebot.cli.process import Process

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 10
_LARGEST = 60_000
"""Bytes of the largest report that is played: many small ones find more than a few large ones in the same time."""
_GREEN = {"passed", "empty"}

TOKENS = [
    b"<", b">", b"&", b"&#0;", b"&#xD800;", b"&a;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?x?>", b"<!DOCTYPE a>", b"</testcase>",
    b"<testcase>", b"</testsuite>", b"<testsuite>", b"<failure/>", b"<skipped/>", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\ud800", b"\\u0000",
    b",", b":", b"null", b"NaN", b"-Infinity", b"9" * 400, b"1e999", b"-1", b"[" * 2_000, b'{"a":' * 2_000, b"<a>" * 200, b"\0", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e\u2066\u200b".encode(), b"\x1b[31m", b"\x1b]0;x\x07", b"\r", b"\n", b"\r\n", b"\x85", b"\xe2\x80\xa8",
    b"===== FAILURES =====\n", b"=== 1 passed in 0.1s ===\n", b"___ test_a ___\n", b"E   ", b"a" * 5_000, b" " * 5_000, b"_" * 5_000,
]  # fmt: skip
NUMBER = re.compile(rb"(?<![\w.])[0-9]{1,6}(?:\.[0-9]{1,9})?(?![\w.])")
RED_SIGN = re.compile(
    rb"<(?:failure|error)\b|\"(?:failed|error)\"|\bFAILED |[1-9] (?:failed|error)|KeyboardInterrupt !|INTERNALERROR>"
)
"""What says red. A mutation may take out all that did; then green is no wrong answer."""
ENCODING = re.compile(rb"""encoding=(["'])[^"']{1,40}\1""")


@dataclass(frozen=True, slots=True)
class Sample:
    """A report of the corpus. `red` is what the command finds in it as it stands."""

    path: Path
    data: bytes
    red: bool


def _place(rng: random.Random, data: bytes) -> tuple[int, int]:
    """A span, mostly short."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(2 ** rng.uniform(0, 12)))


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _headless(rng: random.Random, data: bytes) -> bytes:
    return data[rng.randrange(len(data) + 1) :]


def _hole(rng: random.Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    return data[:start] + data[end:]


def _flips(rng: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(rng.randint(1, 8) if held else 0):
        held[rng.randrange(len(held))] ^= 1 << rng.randrange(8)
    return bytes(held)


def _token(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(TOKENS) + data[at:]


def _noise(rng: random.Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def _twice(rng: random.Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[start:end] * rng.choice([1, 1, 1, 20]) + data[at:]


def _swap(rng: random.Random, data: bytes) -> bytes:
    a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _splice(rng: random.Random, data: bytes) -> bytes:
    other = rng.choice(corpus()).data
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _number(rng: random.Random, data: bytes) -> bytes:
    places = [found.span() for found in NUMBER.finditer(data)]
    if not places:
        return _flips(rng, data)
    start, end = rng.choice(places)
    said = rng.choice(
        [b"0", b"1", b"-1", b"2", b"1e309", b"99999999999999999999", b"NaN", b"0.0", b"", b"1,000"]
    )
    return data[:start] + said + data[end:]


def _encoding(rng: random.Random, data: bytes) -> bytes:
    name = rng.choice(
        [
            *encodings.aliases.aliases.values(),
            "punycode",
            "idna",
            "undefined",
            "unicode_escape",
            "raw_unicode_escape",
            "utf-7",
        ]
    )
    said = f'encoding="{name}"'.encode()
    if ENCODING.search(data):
        return ENCODING.sub(said, data, count=1)
    return b"<?xml version='1.0' " + said + b"?>" + data if data.lstrip()[:1] == b"<" else data


def _recoded(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        rng.choice(
            ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1252", "shift_jis"]
        ),
        "replace",
    )


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut, _headless, _hole, _flips, _token, _noise, _twice, _swap, _splice, _number, _encoding, _recoded,
)  # fmt: skip


@cache
def corpus() -> tuple[Sample, ...]:
    """Every report of the corpus that a reader takes, in the order of paths."""
    folders = (
        "tests/data/pytest",
        "tests/data/others",
        "tests/data/damaged",
        "tests/data/runners",
        "examples/staging/reports",
    )
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    reports = (
        path
        for path in files
        if path.suffix in {".json", ".xml", ".txt", ".log"} and ".golden." not in path.name
    )
    found = []
    for path in reports:
        data = path.read_bytes()
        told = said("group", data) if len(data) <= _LARGEST else Said(0, "")
        if told.status not in {"", "unreadable"}:
            found.append(Sample(path, data, told.status not in _GREEN))
    return tuple(found)


def mutated(seed: int, number: int) -> tuple[Sample, str, bytes]:
    """Input `number` of a seed: what it was made of, how, and its bytes."""
    rng = random.Random(f"{seed}:{number}")
    sample = rng.choice(corpus())
    data, how = sample.data, []
    for mutation in rng.choices(MUTATIONS, k=rng.choice([1, 1, 1, 2, 3])):
        data = mutation(rng, data)
        how.append(mutation.__name__.strip("_"))
    return sample, "+".join(how), data


@dataclass(frozen=True, slots=True)
class Said:
    """How one command ended, the status of the run, and its last words."""

    code: int
    status: str
    words: str = ""
    proves: bool = False


def said(verb: str, data: bytes) -> Said:
    """What a whole command says of these bytes, in a world of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "report").write_bytes(data)
        out, err = io.StringIO(), io.StringIO()
        clock = time.monotonic
        process = Process(
            {},
            lambda: datetime(2026, 1, 1, tzinfo=UTC),
            folder,
            io.BytesIO(),
            out,
            err,
            lambda _: None,
            clock,
        )
        more = ["--json"] if verb == "group" else ["--tracker", "local", "--draft", "digest", "--json"]
        code = run([verb, str(folder / "report"), *more], process)
        try:
            told = json.loads(out.getvalue())
            return Said(
                code, told["run"]["status"] if isinstance(told.get("run"), dict) else "", err.getvalue()
            )
        except ValueError:
            return Said(code, "", err.getvalue())


@dataclass(frozen=True, slots=True)
class Played:
    number: int
    how: str
    path: str
    fault: str
    seconds: float
    mib: float


def play(seed: int, number: int, *, triage: bool = False) -> Played:
    """One input through the whole command, and what is wrong with the answer ("" for nothing)."""
    sample, how, data = mutated(seed, number)
    began = time.monotonic()
    told = said("group", data)
    seconds = time.monotonic() - began
    fault = ""
    if told.code not in (0, 1):
        fault = f"exit {told.code}: {told.words[-300:]}"
    elif sample.red and told.status in _GREEN and RED_SIGN.search(data.replace(b"\0", b"")):
        fault = f"red called {told.status}"
    elif seconds > MOST_SECONDS:
        fault = f"{seconds:.0f} s"
    if triage and not fault and (filed := said("triage", data)).code not in (0, 1):
        fault = f"triage: exit {filed.code}: {filed.words[-300:]}"
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Played(number, how, str(sample.path.relative_to(ROOT)), fault, seconds, mib)


def _batch(seed: int, numbers: tuple[int, ...]) -> list[Played]:
    return [play(seed, number, triage=number % 10 == 0) for number in numbers]


def played(seed: int, count: int, jobs: int) -> Iterator[Played]:
    """The inputs of a seed, in processes that live for 200 of them each, so that memory is theirs."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        batches = (tuple(range(start, min(count, start + 200))) for start in range(0, count, 200))
        for found in [pool.submit(_batch, seed, numbers) for numbers in batches]:
            yield from found.result()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", metavar="SEED:NUMBER")
    asked = parser.parse_args()
    if asked.show:
        seed, _, number = asked.show.partition(":")
        sys.stdout.buffer.write(mutated(int(seed), int(number))[2])
        return
    began, worst, heaviest, faults = time.monotonic(), None, None, []
    for at, one in enumerate(played(asked.seed, asked.count, asked.jobs), 1):
        worst = one if worst is None or one.seconds > worst.seconds else worst
        heaviest = one if heaviest is None or one.mib > heaviest.mib else heaviest
        if one.fault:
            faults.append(one)
            print(f"{asked.seed}:{one.number} {one.path} {one.how}: {one.fault}", flush=True)
        if at % 1_000 == 0:
            print(
                f"{at} played, {len(faults)} faults, {time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    kinds = Counter(one.fault.split(":")[0] for one in faults)
    print(
        f"{asked.count} inputs of seed {asked.seed} from {len(corpus())} reports, {time.monotonic() - began:.0f} s: {len(faults)} faults {dict(kinds)}"
    )
    print(
        f"slowest {worst.seconds:.2f} s ({asked.seed}:{worst.number} {worst.path}); processes of 200 inputs took {heaviest.mib:.0f} MiB at most"
    )
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
