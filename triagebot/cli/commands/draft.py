"""`triagebot draft`: the five-whys draft of one cause, or the exact request that would be made for it. Files nothing."""

import json
from dataclasses import replace
from typing import Any

import click
from pydantic import TypeAdapter

from triagebot.cli.options import reads_reports
from triagebot.cli.output import console, json_text, tables
from triagebot.cli.process import Process
from triagebot.drafts.model import Digest, Draft
from triagebot.drafts.prompt import Request, estimate
from triagebot.errors import UserError
from triagebot.groups import group
from triagebot.groups.model import Group
from triagebot.issues import Match
from triagebot.models.claude import params
from triagebot.pages import Cause, cause_document, run_document
from triagebot.pages.markdown_pages import cause_markdown
from triagebot.pipeline.culprits import code_here, with_code
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.green_reports import green_of_reports
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import chosen_config, read_runs
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.run_options import ReportOptions, TriageOptions
from triagebot.reports.model import Run

_DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)


@click.command("draft")
@reads_reports
@click.option("--key", metavar="K", required=True, help="The cause to draft: a key or its beginning.")
@click.option(
    "--show-prompt", is_flag=True, help="Print the exact request instead of making it; needs no key."
)
@click.option("--draft", type=click.Choice(["auto", "claude", "digest"]), default="auto", show_default=True)
@click.option(
    "--logs",
    metavar="PATH",
    multiple=True,
    help="Service logs as evidence: a file or folder; again for more.",
)
@click.option("--passing-logs", metavar="PATH", multiple=True, help="Logs of a green run, as contrast.")
@click.pass_obj
def command(
    process: Process,
    report_options: ReportOptions,
    key: str,
    draft: str,
    logs: tuple[str, ...],
    passing_logs: tuple[str, ...],
    *,
    show_prompt: bool,
) -> None:
    """Draft the root cause of one group of failures, and print it. No issue is touched.

    \b
    Examples:
      triagebot draft report.json --key ws.close --show-prompt
      triagebot draft report.json --key ws.close --logs service.log
    """
    config = chosen_config(report_options, process.effects)
    triage_options = TriageOptions(tracker="local", draft=draft, logs=logs, passing_logs=passing_logs)
    runs = read_runs(report_options, process.effects, config.limits, strict=True)
    if any(run.strangers for run in runs):  # what strangers wrote is shown to no model
        triage_options = replace(triage_options, draft="digest")
    drafter = Drafter(config, triage_options, process.effects, beside=report_options.beside)
    green = green_of_reports(report_options, config, process.effects, strict=True)
    for run in runs:
        known = find_causes(run, group(run, config), config, logs=drafter.logs(), green=green)
        found = _chosen(known.as_groups(), key)
        (found,) = with_code([found], known, green, run, code_here(process.effects))
        with open_workspace(triage_options, process.effects, config, writes=False) as workspace:
            tests = frozenset(failure.join for failure in found.failures)
            past = workspace.history.past(run.scope, [found.key], tests, but=run.id)
        if show_prompt:
            _show(process, drafter, drafter.request(found, run, past))
            continue
        match = Match(found, "new")
        made = drafter.drafts([match], [match], run, past)[found.key]
        if report_options.as_json:
            process.stdout.write(json_text.dumps(_as_json(run, found.key, made)) + "\n")
        else:
            page = cause_markdown(run_document(run, ()), cause_document(Cause(found, made)))
            process.stdout.write(page)
    console.drafting(process, drafter)


def _chosen(groups: tuple[Group, ...], key: str) -> Group:
    """The one group whose key or alias is `key`, or begins with it."""
    exact = [g for g in groups if key in g.signature.known_as]
    found = exact or [g for g in groups if any(k.startswith(key) for k in g.signature.known_as)]
    if len(found) == 1:
        return found[0]
    if not groups:
        raise UserError(f"--key {key}: nothing failed in this run, so there is no cause to draft.")
    keys = ", ".join(g.key for g in found or groups)
    which = "several causes have such a key" if found else "no cause here has such a key"
    raise UserError(f"--key {key}: {which}. Choose one of: {keys}.")


def _as_json(run: Run, key: str, made: Draft) -> dict[str, Any]:
    """The draft for machines: who made it, and its fields as `triagebot.drafts.model` has them."""
    by = "digest" if isinstance(made, Digest) else "model"
    return {
        "schema": json_text.SCHEMA,
        "run": run.id,
        "key": key,
        "by": by,
        "draft": _DRAFT.dump_python(made, mode="json"),
    }


def _show(process: Process, drafter: Drafter, request: Request) -> None:
    """Print the request as it would be sent, and what it would cost at most."""
    limits = drafter.config.drafts
    process.stdout.write(json.dumps(params(request, limits), indent=2, ensure_ascii=False) + "\n")
    cost = estimate(request, limits)
    guessed = "" if cost.known else " (prices of this model are not known; the dearest known one was taken)"
    text = (
        f"about {cost.input_tokens:,} tokens in, at most {cost.output_tokens:,} out, "
        f"at most ${cost.usd:.2f} with {limits.model}{guessed}; a repair costs about as much again"
    )
    tables.say(process.progress_console, text)
