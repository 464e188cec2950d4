"""The answers to what people asked of an issue: previews of merges and splits over history, explanations, hand-overs.

In: a scene after its commands, a workspace. Out: `Answer`s by command; the same for a comment and the command line. Nothing is
written here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.history import BisectPlan, Past, bisect_plan, joined, streak
from triagebot.issues import Issue, Marker, parts
from triagebot.pipeline.code_changes import clean_changes
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import lifecycle
from triagebot.plans.render import answers
from triagebot.plans.render.answers import Answer
from triagebot.reports.model import Scope
from triagebot.reports.test_names import is_node_id, join_id
from triagebot.reviews import previews
from triagebot.reviews.grammar import Verb
from triagebot.reviews.handoffs import Handoff, bounded, ends, handoff
from triagebot.reviews.judgement import Scene


def answers_of(
    scene: Scene, workspace: Workspace, config: Config, clean: Callable[[str], str]
) -> Mapping[Verb, Answer]:
    """What is answered to the questions and previews of a scene. `clean` takes secrets out."""
    found: dict[Verb, Answer] = {}
    issue = replace(scene.issue, marker=scene.marker)
    other = scene.others.get(scene.marker.merged)
    if "help" in scene.answers:
        found["help"] = answers.help_comment(issue.number)
    if "explain" in scene.answers:
        found["explain"] = answers.explanation(issue.number, parts(issue.body).get("grouping", ""))
    if "merge" in scene.answers and other is not None and other.marker is not None:
        past = _past(workspace, scene.marker, other.marker)
        found["merge"] = answers.merged(issue, other, previews.moves(scene.marker, other.marker, past))
    if "split" in scene.answers and (by := scene.marker.split):
        shown = previews.parts(scene.marker, by, config, _past(workspace, scene.marker))
        found["split"] = answers.split(issue, by, shown)
    if "handoff" in scene.answers:
        found["handoff"] = answers.handoff_comment(handoff_of(issue, workspace, clean))
    return found


def handoff_of(issue: Issue, workspace: Workspace, clean: Callable[[str], str]) -> Handoff:
    """The hand-over of one issue, with what history and the code's place tell."""
    assert issue.marker is not None
    past = _past(workspace, issue.marker)
    began = ends(issue.marker, past)
    if began.last_good and began.first_bad and began.last_good != began.first_bad:
        changed = workspace.between(began.last_good, began.first_bad)
        began = bounded(began, clean_changes(changed, clean))
    needed = lifecycle.countdown(issue.marker, past).needed
    return handoff(issue, needed=needed, bounds=began)


def bisected(issue: Issue, workspace: Workspace, good: str = "", bad: str = "") -> BisectPlan:
    """How to find the commit that broke an issue's cause. Raises UserError for what history does not know and was not given."""
    assert issue.marker is not None
    past = _past(workspace, issue.marker)
    began = ends(issue.marker, past)
    good, bad = good or began.last_good, bad or began.first_bad
    for option, commit, what in (("--good", good, "last good"), ("--bad", bad, "first bad")):
        if not commit:
            raise UserError(
                f"issue {issue.number}: no {what} commit is known. Give it: {option} SHA (triage --commit keeps it for the next time)."
            )
    tests = {join_id(test): test for test in issue.marker.tests if is_node_id(test)}
    if not tests:
        raise UserError(f"issue {issue.number}: no test of pytest's is known to show it.")
    _, red = streak(past, tests)
    return bisect_plan(past, tests, {run.id for run in red}, good, bad)


def _past(workspace: Workspace, *markers: Marker) -> Past:
    """What history knows of these causes, in the scope in which the first was seen last."""
    last = markers[0].occurrences[-1:]
    scope = Scope(last[0].environment, last[0].branch) if last else Scope(None, None)
    keys = {key for marker in markers for key in (marker.key, *marker.aliases)}
    tests = frozenset[str]().union(*(joined(marker.tests) for marker in markers))
    return workspace.history.past(scope, keys, tests)
