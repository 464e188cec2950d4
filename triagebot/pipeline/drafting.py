"""Drafts for one run: which causes need one, what evidence there is, and who writes it.

A cause is drafted when it is new, came back, or is owed a draft that an earlier run could not make; what was drafted
and stands is left alone, and so is what this run files nothing of. Evidence is gathered and redacted here, one cause
after the other, before anything fans out. Without a model, for whatever reason, a digest takes the draft's place and
filing goes on. How each asking ended is told in words, for people.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from triagebot.config import Config
from triagebot.drafts import evidence, prompt, prompts
from triagebot.drafts.digest import digest
from triagebot.drafts.history_evidence import bounds
from triagebot.drafts.model import Draft, Earlier, Setting
from triagebot.drafts.service_logs import RunLogs, run_logs
from triagebot.errors import UserError
from triagebot.groups.model import Group
from triagebot.history import Past
from triagebot.issues import Issue, Marker, Match, Settled
from triagebot.models.model import OUTCOMES, Drafting, OutcomeName, Result, Spend
from triagebot.models.model_drafts import draft_all, has_access
from triagebot.pipeline.code_changes import clean_changes
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.report_sources import SCHEME, fetched_files
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.shown_path import shown_path
from triagebot.plans.restore import of_group
from triagebot.redact import Unredacted
from triagebot.reports.model import Problem, Run
from triagebot.reviews import states
from triagebot.sources import Allowance
from triagebot.sources.git import changes
from triagebot.sources.log_files import is_log, logs_beside, logs_of, read_logs
from triagebot.steps.log_errors import log_errors
from triagebot.steps.model import LogText

_MADE = frozenset({"drafted", "repaired", "degraded"})
_PREVENTION = "why the prevention of the accepted cause did not hold"
_ELSEWHERE = "the draft on its issue stands, or this run files nothing of it; this report shows facts only"
_STANDS = "the draft on its issue was made from the same evidence and stands"


@dataclass(frozen=True, slots=True)
class Note:
    """How drafting one cause ended: an outcome's name ("stands" where nobody had to be asked), and what that means."""

    outcome: OutcomeName | Literal["stands"]
    words: str
    detail: str = ""
    owed: bool = False

    def __str__(self) -> str:
        detail = f"; {self.detail}" if self.detail else ""
        digest = "" if self.outcome in _MADE or self.outcome == "stands" else "; a digest takes its place"
        owed = ", and the next run in which it fails asks for it first" if self.owed else ""
        return f"{self.outcome} ({self.words}{detail}){digest}{owed}"


@dataclass(slots=True)
class Drafter:
    """Makes the drafts of one command and remembers them, so that planning anew asks nobody twice.

    `beside` are folders of reports, whose logs come along. `made` and `notes` are by run and key. `spent` and `problems` are for the summary.
    """

    config: Config
    options: TriageOptions
    effects: Effects
    made: dict[tuple[str, str], Draft] = field(default_factory=dict)
    notes: dict[tuple[str, str], Note] = field(default_factory=dict)
    spent: Spend = field(default_factory=Spend)
    problems: list[Problem] = field(default_factory=list)
    run_logs: dict[str, RunLogs] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    _logs: tuple[LogText, ...] | None = None
    _logged: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def drafts(
        self,
        matches: Sequence[Match],
        written: Sequence[Match],
        run: Run,
        past: Past,
        settled: Sequence[Settled] = (),
    ) -> Mapping[str, Draft]:
        """Drafts by key for the causes of this run that need one: owed ones first, then as urgent as they come.

        `written` are the matches of which the run writes an issue. Nothing is spent on the others: parts of an incident,
        what a cap holds, a scope without issues.
        """
        self._logs_are_there()
        needed = sorted((m for m in matches if needs_draft(m)), key=lambda m: not _is_owed(m))
        missing = [m for m in needed if (run.id, m.group.key) not in self.made]
        keys = {m.group.key for m in written}
        filed = [m for m in missing if m.group.key in keys]
        if reason := self._no_model():
            self._digests(filed, run, reason, owed=self.options.draft != "digest")
        else:
            self._ask(filed, run, past, settled)
        made = {m.group.key: self.made.get((run.id, m.group.key)) for m in needed}
        return {key: draft for key, draft in made.items() if draft is not None}

    def draft_of(self, found: Group, run: Run) -> Draft:
        """The draft that this command made of a cause; a digest where its issue has one already."""
        return self.made.get((run.id, found.key)) or digest(found, run, _ELSEWHERE)

    def request(self, found: Group, run: Run, past: Past, earlier: Sequence[Earlier] = ()) -> prompt.Request:
        """The exact request for one cause."""
        redactor = self.effects.redactor
        catalogue = evidence.collect(
            found,
            run,
            past,
            self._run_logs(run),
            clean_changes(changes(self.effects.cwd, *bounds(found, run, past)), redactor.text),
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
        """What drafting came to and cost, in one line; "" when no model was to be asked."""
        if not self.notes:
            return ""
        counts = Counter(note.outcome for note in self.notes.values())
        owed = sum(note.owed for note in self.notes.values())
        told = [f"{number} {outcome}" for outcome, number in counts.items()]
        told += [f"{owed} owed to the next run"] if owed else []
        return f"Drafts: {', '.join(told)}. {self._cost()}"

    def _cost(self) -> str:
        """The calls that were made, and what they cost."""
        if not self.spent.calls:
            return "No call was made."
        unseen = f", up to ${self.spent.unseen_usd:.2f} more unseen" if self.spent.unseen_usd else ""
        return (
            f"{self.spent.calls} calls to {self.config.drafts.model}, "
            f"{self.spent.input + self.spent.written + self.spent.read:,} tokens in, {self.spent.output:,} out, "
            f"${self.spent.usd:.2f}{unseen}."
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """How each asking ended and what all of it cost, a line each, for people."""
        ended = (f"draft of {key}: {note}" for (_run, key), note in self.notes.items())
        return (*ended, *filter(None, (self.remark,)))

    def _no_model(self) -> str:
        """Why no model is asked at all; "" when one is."""
        if self.options.draft == "digest":
            return "--draft digest was given"
        if has_access(self.config.drafts, self.effects.environ):
            return ""
        if self.options.draft == "claude":
            raise UserError(
                "--draft claude needs a key. Set ANTHROPIC_API_KEY, or use --draft auto, which files digests without one."
            )
        return OUTCOMES["no_key"].words

    def _ask(self, wanted: Sequence[Match], run: Run, past: Past, settled: Sequence[Settled]) -> None:
        """Ask the model for the first of these up to the cap; a digest for every one that it gave no draft for."""
        requests, over = self._requests(wanted, run, past, settled)
        for match in over:
            self._instead(match, run, Result(match.group.key, "cap_groups"))
        drafting = self._call(requests)
        self.spent = self.spent + drafting.spend
        for (match, request), result in zip(requests, drafting.results, strict=True):
            if result.draft is None:
                self._instead(match, run, result)
                continue
            self.notes[run.id, result.key] = Note(result.outcome, result.reason, ", ".join(result.rules))
            self.made[run.id, result.key] = replace(result.draft, once=self._once(request))

    def _requests(
        self, wanted: Sequence[Match], run: Run, past: Past, settled: Sequence[Settled]
    ) -> tuple[list[tuple[Match, prompt.Request]], Sequence[Match]]:
        """The first of these whose evidence nobody was asked about before, and those that the cap leaves over."""
        requests: list[tuple[Match, prompt.Request]] = []
        for at, match in enumerate(wanted):
            if len(requests) == self.config.drafts.max_groups:
                return requests, wanted[at:]
            request = self.request(match.group, run, past, self._earlier(match, settled))
            if self._once(request) == _drafted_once(match):
                self.notes[run.id, match.group.key] = Note("stands", _STANDS)
            else:
                requests.append((match, request))
        return requests, ()

    def _call(self, requests: Sequence[tuple[Match, prompt.Request]]) -> Drafting:
        """What the model makes of these, for whoever watches."""
        names = {request.key: self._name(match.group) for match, request in requests}
        with self.effects.progress.tasks(names) as ended:
            return draft_all(
                [request for _, request in requests],
                self.config.drafts,
                env=self.effects.environ,
                redactor=self.effects.redactor,
                clock=self.effects.monotonic,
                sleep=lambda seconds: self.effects.pause(
                    seconds + self.effects.random() * min(seconds, 10) / 10
                ),
                progress=lambda key, state: None if state == "asking" else ended(key),
            )

    def _instead(self, match: Match, run: Run, result: Result) -> None:
        """A digest in place of a draft that the model was to make, and a note that says why."""
        detail = "; ".join(filter(None, (result.detail, ", ".join(result.rules))))
        self.notes[run.id, result.key] = Note(result.outcome, result.reason, detail, result.owed)
        self._digests([match], run, result.reason, owed=result.owed)

    def _digests(self, missing: Sequence[Match], run: Run, reason: str, *, owed: bool) -> None:
        """Honest drafts without a model."""
        logged = self.logged(run) if missing else ()
        for match in missing:
            self.made[run.id, match.group.key] = digest(match.group, run, reason, owed=owed, logged=logged)

    def logged(self, run: Run) -> tuple[str, ...]:
        """The errors that services logged around a run, looked for once."""
        if run.id not in self._logged:
            self._logged[run.id] = log_errors(run, self.logs())
        return self._logged[run.id]

    def _once(self, request: prompt.Request) -> str:
        """The digest under which this draft need not be made again."""
        return prompt.once(request.key, request.catalogue, request.prompts, self.config.drafts.model)

    def _run_logs(self, run: Run) -> RunLogs:
        """The logs that `--logs` and `--passing-logs` name as run_logs in time, read once for all causes of a run."""
        if run.id not in self.run_logs:
            self.run_logs[run.id] = run_logs(run, self.logs())
        return self.run_logs[run.id]

    def logs(self) -> tuple[LogText, ...]:
        """The logs that `--logs` and `--passing-logs` name, redacted, read once for a command. Raises UserError for one that is not there."""
        if self._logs is None:
            self._logs_are_there()
            passing = self._read(self.options.passing_logs, passing=True)
            self._logs = (*self._read(self.options.logs), *self._beside(), *passing)
        return self._logs

    def _beside(self) -> Iterator[LogText]:
        """The logs in the folders of reports that `--logs` does not name."""
        named = {str(self.effects.cwd / path) for path in self.options.logs}
        folders = [str(self.effects.cwd / path) for path in self.beside]
        logs, problems = logs_beside([path for path in folders if Path(path).is_dir() and path not in named])
        self.problems += problems
        return (log.redacted_by(self._redacted_log) for log in logs)

    def _read(self, paths: Sequence[str], *, passing: bool = False) -> list[LogText]:
        """The logs that these paths name, each under the name by which people know it: seen from this folder."""
        remote = [path for path in paths if path.startswith(SCHEME)]
        local = [str(self.effects.cwd / path) for path in paths if path not in remote]
        logs, problems = read_logs(local, passing=passing)
        fetched, told = self._fetched(remote, passing=passing)
        self.problems += (*problems, *told)
        return [log.redacted_by(self._redacted_log) for log in (*logs, *fetched)]

    def _fetched(
        self, paths: Sequence[str], *, passing: bool
    ) -> tuple[Sequence[Unredacted[LogText]], Sequence[Problem]]:
        """The logs in artifacts of other runs; none of a run of strangers' code, whose words no model is to see."""
        if not paths:
            return (), ()
        allowance = Allowance(self.config.limits)
        found = fetched_files(paths, self.effects, allowance, is_log)
        if found.strangers:
            return (), [Problem(path, f"logs left out: {found.strangers}") for path in paths]
        return logs_of((*found.blobs, *found.problems), passing=passing, allowance=allowance)

    def _redacted_log(self, log: LogText) -> LogText:
        """A log without secrets, under the name by which people know it."""
        clean = self.effects.redactor.text
        return replace(log, name=clean(shown_path(log.name, self.effects.cwd)), text=clean(log.text))

    def _logs_are_there(self) -> None:
        """Raise UserError for a log that was named and is not there, whether or not anybody is going to read it."""
        named = [("--logs", self.options.logs), ("--passing-logs", self.options.passing_logs)]
        for option, path in ((option, path) for option, paths in named for path in paths):
            if not path.startswith(SCHEME) and not (self.effects.cwd / path).exists():
                raise UserError(f"{option} {path}: there is no such file or folder. Check the path.")

    def _settings(self) -> tuple[Setting, ...]:
        """Names of the variables of this very job, set or empty; values stay outside."""
        where = "the environment of the job that triages"
        return tuple(
            Setting(name, "set" if value else "empty", where) for name, value in self.effects.environ.items()
        )

    def _earlier(self, match: Match, settled: Sequence[Settled]) -> tuple[Earlier, ...]:
        """The issue that this cause has or had, where maintainers said something of it: that it was there tells a model nothing."""
        issue = match.issue or _remembered(match.group, settled)
        if issue is None or issue.marker is None:
            return ()
        marker, clean = issue.marker, self.effects.redactor.text
        accepted = (*marker.last, *states.causes(marker))
        out = tuple((clean(judged.text), clean(judged.said)) for judged in states.ruled_out(marker))
        held = tuple(clean(judged.text) for judged in (*marker.kept, *states.frozen(marker)))
        back = marker.last or (accepted and match.state == "regressed")
        asked = tuple(map(clean, (*states.hints(marker), *([_PREVENTION] if back else []))))
        if not (accepted or out or held or asked):
            return ()
        verdict: Literal["accepted", "rejected", "open"] = (
            "accepted" if accepted else "rejected" if states.state(marker) == "rejected" else "open"
        )
        cause = clean("; ".join(judged.text for judged in accepted))
        return (Earlier(issue.number, clean(issue.title), verdict, cause, held, out, asked),)

    def _name(self, found: Group) -> str:
        return found.signature.title[:80]


def _remembered(found: Group, settled: Sequence[Settled]) -> Issue | None:
    """The issue that is gone and of which history knows what people decided; None where they decided nothing."""
    theirs = of_group(settled, found)
    if not theirs:
        return None
    marker = states.remembering(Marker(found.key, found.signature.algorithm), theirs)
    return Issue(theirs[-1].issue, found.signature.title, "", "closed", (), "", marker)


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
