"""Which commits may have broken a cause, and who owns the file in which its tests leave their green paths.

In: groups as they are filed, where their tests left their green paths and when these were green, the clone in this folder. Out: the
groups with `suspects`, `code` and `code_owners`, without secrets. Where nothing was traced, git is not asked.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from triagebot.groups.model import Group, Suspect
from triagebot.history import Green, Past, streak
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.run_causes import FoundCauses
from triagebot.reports.model import Run

if TYPE_CHECKING:
    from triagebot.sources.clone import Clone


@dataclass(frozen=True, slots=True)
class Code:
    """The clone of a command; `clean` takes out secrets."""

    clone: "Clone"
    clean: Callable[[str], str]

    def cleaned(self, found: tuple[Suspect, ...]) -> tuple[Suspect, ...]:
        """Suspects without secrets; a hunk is looked at as a whole, for a secret may span its lines."""
        return tuple(
            replace(
                one,
                subject=self.clean(one.subject),
                touches=self.clean(one.touches),
                path=self.clean(one.path),
                hunk=tuple(self.clean("\n".join(one.hunk)).split("\n")),
            )
            for one in found
        )


def code_here(effects: Effects) -> Code:
    """The clone in this folder."""
    from triagebot.sources.clone import Clone  # noqa: PLC0415  # it loads pydantic, which `group` seldom needs

    return Code(Clone(effects.cwd, effects.monotonic), effects.redactor.text)


def with_code(
    groups: Sequence[Group],
    found: FoundCauses,
    green: Mapping[str, Green],
    run: Run,
    code: Code | None,
    past: Past | None = None,
) -> tuple[Group, ...]:
    """The groups with what the clone knows of where their tests leave their green paths."""
    if code is None:
        return tuple(groups)
    return tuple(_with_code(group, found, green, run, code, past or Past()) for group in groups)


def _with_code(
    group: Group, found: FoundCauses, green: Mapping[str, Green], run: Run, code: Code, past: Past
) -> Group:
    """One group with what the clone knows."""
    tests = [test for test in dict.fromkeys(f.join for f in group.failures) if test in found.left]
    held = [green[test] for test in tests]
    functions = found.functions(tests)
    if not functions:
        return group
    good = max(held, key=lambda one: one.at).commit
    bad = _first_red(past, tests, run)
    turned = Counter(found.left[test].place for test in tests).most_common(1)[0][0]
    at = next((one.place for one in functions if one.function == turned), functions[0].place)
    path = code.clone.path(at, run.commit or "")
    owners = code.clone.owners(path).redacted_by(lambda names: tuple(map(code.clean, names)))
    seen: tuple[Suspect, ...] = ()
    if good and bad and good != bad:
        seen = code.clone.suspects(functions, good, bad).redacted_by(code.cleaned)
    return replace(group, suspects=seen, code=code.clean(path), code_owners=owners)


def _first_red(past: Past, tests: Sequence[str], run: Run) -> str | None:
    """The commit of the first red run since the tests were green: what came later did not break them."""
    _, bad = streak(past, tests, red=True)
    return next((earlier.commit for earlier in bad if earlier.commit), run.commit)
