"""`triagebot review`: read a draft with its steps numbered, and answer it in the words of a comment without `/triage`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import click
from rich.table import Table

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import tables
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.issues import DraftedWhy
from triagebot.markdown.text import folded
from triagebot.pipeline.answering import answers_of
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.reviewing import Reviewed, Word, heard, named, reviewed, scene_at
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.workspace import Workspace
from triagebot.plans.describe import describe_change
from triagebot.plans.render.review_text import review_parts
from triagebot.plans.review_change import review_change
from triagebot.reviews import states
from triagebot.reviews.counts import FATES, FEWEST, GRADES, Count, counted
from triagebot.reviews.grammar import FORMS, Mistake, command_of
from triagebot.reviews.judgement import Scene, Speaker
from triagebot.trackers.markdown_export import readable

_SOMEBODY = "a maintainer"
_HELP = "\n".join(f"  {form}" for form in FORMS.values()) + "\n"
_UNDRAFTED = "No step was drafted: no language model wrote on this issue. State the cause with `cause: …`, as in --help."


@click.command("review")
@click.argument("about", metavar="[ISSUE|stats]", required=False)
@click.argument("commands", metavar="[COMMAND]…", nargs=-1)
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@HISTORY
@click.option(
    "--as", "who", metavar="NAME", help="Who says it, on the local tracker.  [default: a maintainer]"
)
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--preview", is_flag=True, help="Show what would come of it, and change nothing.")
@click.option(
    "--listen",
    is_flag=True,
    help="Carry out what people said in comments and labels on GitHub, of ISSUE or of all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    about: str | None,
    commands: tuple[str, ...],
    tracker: str | None,
    who: str | None,
    config: str | None,
    history: str | None,
    *,
    preview: bool,
    listen: bool,
    as_json: bool,
) -> int:
    """Show the draft of an issue, or accept, correct and reject it: one argument a command, as in a comment.

    \b
    Examples:
      triagebot review 1
      triagebot review 1 "accept 1-3" "reject 4: the log is of another run"
      triagebot review 1 "cause: the pool has eight connections"
      triagebot review 1 undo
      triagebot review stats
      triagebot review --listen --tracker github
    """
    settings = read_config(config, process.effects)
    options = TriageOptions(tracker=tracker, history=history)
    if about == "stats":
        return _stats(process, settings, options, as_json=as_json)
    issue = _number(about)
    if listen:
        return _listen(process, settings, options, issue)
    if issue is None:
        raise click.UsageError("Missing argument 'ISSUE': which issue is it about?")
    words = [_word(text, number, who or _SOMEBODY, process) for number, text in enumerate(commands)]
    if mistakes := [word.what for word in words if isinstance(word.what, Mistake)]:
        for mistake in mistakes:
            process.complain(f"{mistake.said!r}: {mistake.reason}. Write: {mistake.instead}")
        return 1
    writes = bool(words) and not preview
    with open_workspace(options, process.effects, settings, writes=writes) as workspace:
        if words and workspace.tracker.name == "github":
            words = _spoken_by_the_owner(words, workspace, settings, who)
        if writes:
            done = reviewed(issue, words, workspace, settings, process.now())
            done = replace(
                done, scene=replace(scene_at(issue, workspace, settings), answers=done.scene.answers)
            )
        else:
            done = Reviewed(*heard(scene_at(issue, workspace, settings, named(words)), words))
            _preview(process, done.scene)
        told = answers_of(done.scene, workspace, settings, process.redactor.text)
    for word, reason in done.refused:
        process.complain(f"{commands[words.index(word)]!r}: {reason}.")
    asked = {getattr(word.what, "verb", "") for word in words}
    if as_json:
        process.stdout.write(json.dumps(_as_json(done.scene), indent=1) + "\n")
    elif not words or not asked <= told.keys():
        _show(process, done.scene)
    for verb, answer in told.items() if not as_json else ():
        if verb == "help":
            process.stdout.write(_HELP)
        else:
            tables.markdown(process, "\n" + readable(answer.body))
    return 1 if done.refused else 0


def _spoken_by_the_owner(
    words: Sequence[Word], workspace: Workspace, config: Config, named: str | None
) -> list[Word]:
    """The words as those of the owner of the token. Raises UserError where they may not speak."""
    from triagebot.pipeline.comment_commands import speaker_of  # noqa: PLC0415 - PyGithub takes half a second to load
    from triagebot.trackers.github.tracker import GitHubTracker  # noqa: PLC0415 - as above

    assert isinstance(workspace.tracker, GitHubTracker)
    login = speaker_of(workspace.tracker, config, named)
    return [replace(word, speaker=replace(word.speaker, who=login)) for word in words]


def _number(about: str | None) -> int | None:
    """The issue that an argument names."""
    if about is None:
        return None
    if not about.isascii() or not about.isdigit() or not 0 < int(about[:12]) < 2**31:
        raise click.UsageError(f"{about!r} is neither the number of an issue nor stats.")
    return int(about)


def _stats(process: Process, config: Config, options: TriageOptions, *, as_json: bool) -> int:
    """What became of the drafts that models made."""
    with open_workspace(options, process.effects, config, writes=False) as workspace:
        found = counted(workspace.tracker.issues(), process.now())
    if as_json:
        process.stdout.write(json.dumps([asdict(count) for count in found], indent=1) + "\n")
        return 0
    for names in (FATES, tuple(GRADES.values())):
        shown = [count for count in found if count.fate in names]
        if shown:
            process.console.print(_counts(process, names, shown))
    if not found:
        tables.say(process.console, "No draft of a model stands on any issue.")
    elif any(count.interval is None for count in found):
        tables.say(
            process.console, f"Where there are under {FEWEST} drafts, they are too few to tell a share."
        )
    return 0


def _counts(process: Process, names: Sequence[str], found: Sequence[Count]) -> Table:
    """A row for all drafts, for each version of the prompt, and for each kind with it."""
    out = tables.table(
        process.console, ("drafts of", "left"), ("n", "right"), *((name, "right") for name in names)
    )
    by_row: dict[tuple[str, str], dict[str, Count]] = {}
    for count in found:
        by_row.setdefault((count.kind, count.prompt), {})[count.fate] = count
    for (kind, prompt), row in by_row.items():
        if prompt or not kind:
            name = ", ".join(filter(None, (kind, prompt))) or "all"
            drafts = str(next(iter(row.values())).drafts)
            out.add_row(tables.safe(process, name), drafts, *(_share(row[fate]) for fate in names))
    return out


def _share(count: Count) -> str:
    """A number, and what it tells of the share where there are enough."""
    return (
        f"{count.number}"
        if count.interval is None
        else "{} ({:.0%} to {:.0%})".format(count.number, *count.interval)
    )


def _listen(process: Process, config: Config, options: TriageOptions, issue: int | None) -> int:
    """What people said on GitHub, carried out."""
    with open_workspace(options, process.effects, config) as workspace:
        if workspace.tracker.name != "github":
            raise UserError("--listen needs --tracker github: nobody comments on the local tracker.")
        from triagebot.pipeline.comment_commands import listen  # noqa: PLC0415 - PyGithub takes half a second to load

        if issue is None:
            workspace.tracker.issues()
        done = listen(workspace, config, process.effects, issue)
        for said in (*done.failed, *workspace.notices):
            process.complain(folded(said))
    said = f"Commands heard: {done.heard}." if done.heard else "Nothing new was said."
    tables.say(process.console, said)
    return 1 if done.failed else 0


def _word(text: str, number: int, who: str, process: Process) -> Word:
    """One argument as a word of whoever runs this."""
    at = process.now()
    once = hashlib.sha256(f"{at.isoformat()} {number} {text}".encode()).hexdigest()[:12]
    what = command_of(process.redactor.text(text))
    return Word(what, Speaker(who, at, once))


def _preview(process: Process, scene: Scene) -> None:
    """What would be written, if anything."""
    if change := review_change(scene, "preview"):
        process.complain(f"would be changed: {describe_change(change)}")


def _show(process: Process, scene: Scene) -> None:
    """The draft, and what was said of it."""
    lines = [f"#{scene.issue.number} {scene.issue.title}"]
    lines += [f"State: {states.state(scene.marker)}; labels: {', '.join(scene.labels)}"]
    lines += [_step(scene, why) for why in scene.marker.whys]
    if not scene.marker.whys and not states.causes(scene.marker):
        lines.append(_UNDRAFTED)
    for line in lines:
        tables.say(process.console, tables.safe(process, line, 500))
    for part in review_parts(scene.marker).values():
        if part:
            tables.markdown(process, "\n" + readable(part))


def _step(scene: Scene, why: DraftedWhy) -> str:
    """One step with what became of it."""
    root = f" [{why.root} root cause]" if why.root else ""
    acts = states.verdicts(scene.marker).get(why.number)
    return f"{why.number}. {why.text}{root}" + (
        f" ({states.DONE[acts[-1].verb]} by {acts[-1].who})" if acts else ""
    )


def _as_json(scene: Scene) -> dict[str, object]:
    """The review for machines."""
    marker = scene.marker
    said = states.verdicts(marker)
    return {
        "issue": scene.issue.number,
        "key": marker.key,
        "state": states.state(marker),
        "labels": list(scene.labels),
        "whys": [
            {
                "number": why.number,
                "text": why.text,
                "root": why.root or None,
                "status": why.status or None,
                "acts": [
                    {"verb": act.verb, "who": act.who, "said": act.said} for act in said.get(why.number, ())
                ],
            }
            for why in marker.whys
        ],
        "causes": [{"rank": c.rank, "text": c.text, "who": c.who} for c in states.causes(marker)],
        "ruled_out": [{"text": c.text, "reason": c.said, "who": c.who} for c in states.ruled_out(marker)],
    }
