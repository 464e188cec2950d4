"""Drafts for one run: which causes need one, what evidence there is, and who writes it.

A cause is drafted when it is new, came back, or is owed a draft that an earlier run could not make; what was drafted
and stands is left alone. Evidence is gathered and redacted here, one cause after the other, before anything fans out.
Without a model, for whatever reason, a digest takes the draft's place and filing goes on.
"""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rich.progress import Progress, SpinnerColumn, TextColumn

from triagebot.cli.options import Wish
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.drafts import evidence, prompt, prompts
from triagebot.drafts.digest import digest
from triagebot.drafts.model import Draft, Earlier, Setting
from triagebot.drafts.record import bounds
from triagebot.drafts.streams import Streams, streams_of
from triagebot.errors import UserError
from triagebot.groups.model import Group
from triagebot.history import Past
from triagebot.issues import Match
from triagebot.models.claude import draft_all
from triagebot.models.clients import has_access
from triagebot.models.model import ENDINGS, Spend
from triagebot.reports.model import Problem, Run
from triagebot.sources.git import changes
from triagebot.sources.logs import read_logs


@dataclass(slots=True)
class Drafter:
    """Makes the drafts of one command and remembers them, so that planning anew asks nobody twice.

    `made` is by run and key. `spent` and `problems` are for the summary; `notes` by key say how each asking ended.
    """

    config: Config
    wish: Wish
    world: World
    made: dict[tuple[str, str], Draft] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    spent: Spend = field(default_factory=Spend)
    problems: list[Problem] = field(default_factory=list)
    streams: dict[str, Streams] = field(default_factory=dict)

    def drafts(self, matches: Sequence[Match], run: Run, past: Past) -> Mapping[str, Draft]:
        """Drafts by key for the causes of this run that need one: owed ones first, then as urgent as they come."""
        needed = sorted((m for m in matches if needs_draft(m)), key=lambda m: not _is_owed(m))
        missing = [m for m in needed if (run.id, m.group.key) not in self.made]
        if reason := self._no_model():
            self._digests(missing, run, reason, owed=self.wish.draft != "digest")
        elif missing:
            self._ask(missing, run, past)
        made = {m.group.key: self.made.get((run.id, m.group.key)) for m in needed}
        return {key: draft for key, draft in made.items() if draft is not None}

    def draft_of(self, found: Group, run: Run) -> Draft:
        """The draft that this command made of a cause; a digest where its issue has one already."""
        why = "the draft on its issue stands; this report shows facts only"
        return self.made.get((run.id, found.key)) or digest(found, run, why, self.world.redactor.text)

    def request(self, found: Group, run: Run, past: Past, earlier: Sequence[Earlier] = ()) -> prompt.Request:
        """The exact request for one cause."""
        redactor = self.world.redactor
        catalogue = evidence.collect(
            found,
            run,
            past,
            self._streams(run),
            changes(self.world.cwd, *bounds(found, run, past)),
            config=self.config,
            redactor=redactor,
            settings=self._settings(),
            earlier=earlier,
        )
        problem = evidence.problem(found, run, redactor)
        nonce = prompt.nonce_of(catalogue, problem)
        return prompt.build(catalogue, problem, prompts.load(), nonce, key=found.key)

    @property
    def remark(self) -> str:
        """What drafting cost, in one line; "" when no model was asked."""
        if not self.spent.calls:
            return ""
        unseen = f", up to ${self.spent.unseen_usd:.2f} more unseen" if self.spent.unseen_usd else ""
        return (
            f"Drafts: {self.spent.calls} calls to {self.config.drafts.model}, "
            f"{self.spent.input + self.spent.written + self.spent.read:,} tokens in, {self.spent.output:,} out, "
            f"${self.spent.usd:.2f}{unseen}."
        )

    def _no_model(self) -> str:
        """Why no model is asked at all; "" when one is."""
        if self.wish.draft == "digest":
            return "--draft digest was given"
        if has_access(self.config.drafts, self.world.environ):
            return ""
        if self.wish.draft == "claude":
            raise UserError(
                "--draft claude needs a key. Set ANTHROPIC_API_KEY, or use --draft auto, which files digests without one."
            )
        return ENDINGS["no_key"].words

    def _ask(self, missing: Sequence[Match], run: Run, past: Past) -> None:
        """Ask the model for the first of these up to the cap; a digest for every one that it gave no draft for."""
        cap = self.config.drafts.max_groups
        self._digests(missing[cap:], run, ENDINGS["cap_groups"].words, owed=True)
        asked = [(m, self.request(m.group, run, past, _earlier(m))) for m in missing[:cap]]
        asked = [(m, request) for m, request in asked if self._once(request) != _drafted_once(m)]
        missing, requests = [m for m, _ in asked], [request for _, request in asked]
        with self._progress() as bar:
            tasks = {
                r.key: bar.add_task(self._name(m.group), total=1)
                for r, m in zip(requests, missing, strict=True)
            }
            drafting = draft_all(
                requests,
                self.config.drafts,
                env=self.world.environ,
                redactor=self.world.redactor,
                clock=time.monotonic,
                sleep=lambda seconds: time.sleep(seconds * random.uniform(0.9, 1.1)),  # noqa: S311 - jitter
                progress=lambda key, state: bar.update(tasks[key], completed=float(state != "asking")),
            )
        self.spent = self.spent + drafting.spend
        for match, request, result in zip(missing, requests, drafting.results, strict=True):
            self.notes[result.key] = f"{result.outcome}{f': {result.detail}' if result.detail else ''}"
            if result.draft is not None:
                self.made[run.id, result.key] = replace(result.draft, once=self._once(request))
            else:
                self._digests([match], run, result.reason, owed=result.owed)

    def _digests(self, missing: Sequence[Match], run: Run, reason: str, *, owed: bool) -> None:
        """Honest drafts without a model."""
        for match in missing:
            self.made[run.id, match.group.key] = digest(
                match.group, run, reason, self.world.redactor.text, owed=owed
            )

    def _once(self, request: prompt.Request) -> str:
        """The digest under which this draft need not be made again."""
        return prompt.once(request.key, request.catalogue, request.prompts, self.config.drafts.model)

    def _streams(self, run: Run) -> Streams:
        """The logs that `--logs` and `--passing-logs` name as streams in time, read once for all causes of a run."""
        if run.id not in self.streams:
            red, problems = read_logs([str(self.world.cwd / path) for path in self.wish.logs])
            green, more = read_logs(
                [str(self.world.cwd / path) for path in self.wish.passing_logs], passing=True
            )
            self.problems += [*problems, *more]
            self.streams[run.id] = streams_of(run, [*red, *green], self.world.redactor)
        return self.streams[run.id]

    def _settings(self) -> tuple[Setting, ...]:
        """Names of the variables of this very job, set or empty; values stay outside."""
        where = "the environment of the job that triages"
        return tuple(
            Setting(name, "set" if value else "empty", where) for name, value in self.world.environ.items()
        )

    def _progress(self) -> Progress:
        """A spinner a draft on a terminal; nothing elsewhere."""
        return Progress(
            SpinnerColumn(),
            TextColumn("drafting {task.description}", markup=False),
            console=self.world.progress_console,
            transient=True,
            disable=not self.world.stderr.isatty(),
        )

    def _name(self, found: Group) -> str:
        return self.world.redactor.text(found.signature.title)[:80]


def needs_draft(match: Match) -> bool:
    """Whether this run has to make a draft: for what is new, came back, has none yet, or is owed one."""
    if match.state in {"new", "regressed"}:
        return True
    return match.state == "known" and (match.issue is None or match.issue.marker is None or _is_owed(match))


def _is_owed(match: Match) -> bool:
    """Whether an earlier run filed a digest because it could not have a draft made."""
    return bool(match.issue and match.issue.marker and match.issue.marker.owed)


def _drafted_once(match: Match) -> str | None:
    """The digest of what the draft on the issue was made from; None without such a draft."""
    return (match.issue.marker.draft_once or None) if match.issue and match.issue.marker else None


def _earlier(match: Match) -> tuple[Earlier, ...]:
    """The issue that this cause had before, with what maintainers said of its draft."""
    if match.issue is None or match.issue.marker is None:
        return ()
    states = match.issue.marker.states
    verdict: Literal["accepted", "rejected", "open"] = "open"
    if "confirmed" in states:
        verdict = "accepted"
    elif "rejected" in states:
        verdict = "rejected"
    return (Earlier(match.issue.number, match.issue.title, verdict),)
