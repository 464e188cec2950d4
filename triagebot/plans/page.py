"""The five-whys reports as HTML pages that stand alone: no script, no asset from outside, light and dark, readable aloud.

In: the run and its causes. Out: the text of a page. `text` is the one way of outside text into a page; everything else is
built from elements, so that nothing from outside can be read as markup.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NewType, assert_never
from urllib.parse import urlsplit

from triagebot.drafts.cite import citation, confidence
from triagebot.drafts.disarm import disarm
from triagebot.drafts.five_whys import Action, Ref, Rival, Why
from triagebot.drafts.model import Citation, Digest, Draft, FiveWhys
from triagebot.plans.five_whys import numbered
from triagebot.plans.render.cause import NAMED, NAMED_OF_MANY
from triagebot.plans.report import (
    STANDINGS,
    Cause,
    about,
    cause_markdown,
    counts,
    root_of,
    run_markdown,
    standing,
)
from triagebot.reports.model import Run

Html = NewType("Html", str)

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #57606a; --line: #d0d7de; --wash: #f6f8fa;
  --good: #116329; --open: #7d4e00; --none: #57606a; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9da7b1; --line: #3d444d;
  --wash: #161b22; --good: #56d364; --open: #e3b341; --none: #9da7b1; --link: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
h1 { line-height: 1.25; } h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; background: var(--wash); border-radius: .25rem; }
code { padding: .1em .3em; } pre { padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border: 1px solid var(--line); }
th { background: var(--wash); } thead th { white-space: nowrap; }
.status { font-weight: 600; white-space: nowrap; } .supported { color: var(--good); } .hypothesis { color: var(--open); }
.unknown { color: var(--none); }
.verdict { border-left: .3rem solid var(--line); padding: .25rem 1rem; background: var(--wash); }
ol.whys > li { margin: .75rem 0; } details { margin: .4rem 0; } summary { cursor: pointer; color: var(--soft); }
blockquote { margin: .4rem 0; padding-left: .75rem; border-left: 2px solid var(--line); }
footer, .soft { color: var(--soft); font-size: .9em; }
@media print { details > * { display: block; } body { max-width: none; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STATUS = {"supported": "✔ supported", "hypothesis": "? hypothesis", "unknown": "∅ unknown"}
_WINDOWS = {"now": "now", "24h": "within 24 hours", "later": "later"}

Tag = Literal[
    "a", "blockquote", "caption", "code", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "h3", "header",
    "li", "main", "nav", "ol", "p", "pre", "section", "span", "strong", "summary", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
]  # fmt: skip


def files(run: Run, causes: Sequence[Cause], redact: Callable[[str], str]) -> dict[str, str]:
    """The redacted text of every file of a report by its name: index.md, index.html, and two for each cause."""
    found = {"index.md": str(run_markdown(run, causes)), "index.html": run_page(run, causes)}
    for cause in causes:
        found[f"{cause.name}.md"] = cause_markdown(run, cause)
        found[f"{cause.name}.html"] = cause_page(run, cause)
    return {name: redact(content) for name, content in found.items()}


def text(outside: str, limit: int = 2_000) -> Html:
    """Outside text as text: cut at `limit` characters, without hidden characters, and never markup."""
    plain = disarm(outside)
    shown = plain if len(plain) <= limit else f"{plain[:limit]} […]"
    return Html(html.escape(shown, quote=True))


def element(tag: Tag, *inside: Html, **attributes: str) -> Html:
    """An element around finished parts. Attributes are escaped; `aria_label` is written `aria-label`, `class_` `class`."""
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(value, quote=True)}"'
        for name, value in attributes.items()
    )
    return Html(f"<{tag}{told}>{''.join(inside)}</{tag}>")


def _items(parts: Iterable[Html], tag: Literal["ul", "ol"] = "ul", **attributes: str) -> Html:
    """A list, or nothing when there is nothing to list."""
    rows = [element("li", part) for part in parts]
    return element(tag, *rows, **attributes) if rows else Html("")


def _link(label: str, url: str) -> Html:
    """A link where the address is a plain one, else its label."""
    parts = urlsplit(url) if url.isprintable() and " " not in url else None
    safe = parts is not None and (
        parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    )
    return element("a", text(label), href=url, rel="noreferrer") if safe else text(label)


def _page(title: str, navigation: Html, body: Sequence[Html]) -> str:
    """A whole page."""
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY, quote=True)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{text(title, 200)}</title><style>{_STYLE}</style></head><body>"
    )
    skip = element("a", text("Skip to the report"), href="#report", class_="skip")
    footer = element(
        "footer",
        element(
            "p", text("Written by triagebot. Quotes are checked against the evidence; conclusions are not.")
        ),
    )
    main = element("main", element("h1", text(title, 300)), *body, id="report")
    return f"{head}{skip}{navigation}{main}{footer}</body></html>\n"


def run_page(run: Run, causes: Sequence[Cause]) -> str:
    """The page of the whole run."""
    body = [
        element("p", text(f"Run {run.id}: {about(run)}.")),
        element("p", text(counts(run))),
        _causes_table(causes) if causes else element("p", text("Nothing failed.")),
        *(_short(cause) for cause in causes),
        _problems(run),
    ]
    return _page("Five whys of a run", Html(""), body)


def _causes_table(causes: Sequence[Cause]) -> Html:
    """All causes in a table with headings for rows and columns."""
    columns = ("Cause", "Tests", "Priority", "What is known", "Issue")
    head = element("tr", *(element("th", text(name), scope="col") for name in columns))
    rows = [
        element(
            "tr",
            element(
                "th",
                element("a", text(cause.group.signature.title, 300), href=f"{cause.name}.html"),
                scope="row",
            ),
            element("td", text(str(len(cause.group.tests)))),
            element("td", text(cause.group.impact.priority)),
            element("td", text(standing(cause.draft), 300)),
            element("td", _link(cause.issue, cause.url) if cause.issue else text("not filed")),
        )
        for cause in causes
    ]
    table = element(
        "table",
        element("caption", text("Causes of this run")),
        element("thead", head),
        element("tbody", *rows),
    )
    return element("div", table, class_="scroll")


def _short(cause: Cause) -> Html:
    """One cause in a few lines."""
    root = root_of(cause.draft)
    known = f"{standing(cause.draft)}: {root}" if root else standing(cause.draft)
    return element(
        "section", element("h2", text(cause.group.signature.title, 300)), element("p", text(known, 800))
    )


def _problems(run: Run) -> Html:
    """What could not be read."""
    rows = _items(text(f"{problem.path}: {problem.reason}", 600) for problem in run.problems)
    return element("section", element("h2", text("What could not be read")), rows) if rows else Html("")


def cause_page(run: Run, cause: Cause) -> str:
    """The page of one cause."""
    group = cause.group
    filed = _link(cause.issue, cause.url) if cause.issue else text("not filed")
    facts = [("Run", text(f"{run.id}, {about(run)}")), ("Key", element("code", text(group.key)))]
    facts += [("Priority", text(group.impact.priority)), ("Issue", filed)]
    body = [
        element(
            "dl",
            *(part for name, value in facts for part in (element("dt", text(name)), element("dd", value))),
        ),
        element("h2", text("What failed")),
        *_tests(group.tests),
        *_analysis(cause.draft),
    ]
    navigation = element(
        "nav", element("a", text("All causes of this run"), href="index.html"), aria_label="Reports"
    )
    return _page(f"Five whys: {group.signature.title}", navigation, body)


def _tests(tests: Sequence[str]) -> list[Html]:
    """The failing tests: a few in sight and all of them in a fold when there are more, as in the issue."""
    whole = _items(element("code", text(test, 400)) for test in tests)
    if len(tests) <= NAMED:
        return [whole]
    seen = _items(element("code", text(test, 400)) for test in tests[:NAMED_OF_MANY])
    return [seen, element("details", element("summary", text(f"All {len(tests)} failing tests")), whole)]


def _analysis(draft: Draft) -> list[Html]:
    """A draft of either kind."""
    match draft:
        case Digest():
            return _digest(draft)
        case FiveWhys():
            return _five_whys(draft)
        case unreachable:
            assert_never(unreachable)


def _digest(draft: Digest) -> list[Html]:
    """Facts and open questions. It states no cause."""
    facts = [
        part
        for fact in draft.facts
        for part in (element("dt", text(fact.name)), element("dd", text(fact.value)))
    ]
    return [
        element("p", text(f"No language model was used ({draft.reason})."), class_="verdict"),
        element("h2", text("What is known")),
        element("dl", *facts),
        element("h3", text("What passed beside it")),
        _items(text(line) for line in draft.contrast),
        element("h2", text("What is not known, and how to find out")),
        _items((text(f"{why.ask} Look at: {why.tell}.") for why in draft.whys), "ol"),
        element("h3", text("To keep from the next run")),
        _items(text(line) for line in draft.collect),
        *(
            element("details", element("summary", text(part.caption)), element("pre", text(part.text, 8_000)))
            for part in draft.excerpts
        ),
    ]


def _five_whys(draft: FiveWhys) -> list[Html]:
    """The verdict, the steps, what to do, what is not known, what else was considered."""
    answer = draft.answer
    root = root_of(draft)
    told = STANDINGS[confidence(draft)]
    parts = [
        element("h2", text("Problem")),
        element("p", text(draft.problem)),
        element(
            "p",
            element("strong", text(f"{told[0].upper()}{told[1:]}.")),
            text(f" {root}" if root else ""),
            class_="verdict",
        ),
        *_branch(draft, "occurrence", "Why did it happen?"),
        *_branch(draft, "detection", "Why was it not caught earlier?"),
    ]
    parts += _section("Actions", _items(_action(action) for action in answer.actions))
    missing = _items(text(f"{missing.what} How: {missing.how}") for missing in answer.missing)
    parts += _section("What is not known, and how to find out", missing)
    parts += _section("Other causes considered", _items(_rival(draft, rival) for rival in answer.rivals))
    origin = draft.origin
    cost = f", about {origin.cost_usd:.3f} USD" if origin.cost_usd is not None else ""
    made = f"Drafted by {origin.model}, prompt {origin.prompt} version {origin.version}{cost}, digest {origin.digest[:12]}."
    return [*parts, element("p", text(made), class_="soft")]


def _section(title: str, inside: Html) -> list[Html]:
    """A heading and what stands below it, or nothing."""
    return [element("h2", text(title)), inside] if inside else []


def _branch(draft: FiveWhys, branch: str, title: str) -> list[Html]:
    """The steps of one branch in order."""
    steps = [(number, why) for number, why in numbered(draft.answer.whys) if why.branch == branch]
    return _section(title, _items((_step(draft, number, why) for number, why in steps), "ol", class_="whys"))


def _step(draft: FiveWhys, number: str, why: Why) -> Html:
    """One step with its status and its evidence."""
    status = element("span", text(f"({_STATUS[why.status]})"), class_=f"status {why.status}")
    wrong = "Answered by" if why.status == "unknown" else "Proved wrong by"
    evidence = element(
        "details",
        element("summary", text(f"Evidence of step {number}")),
        *_quotes(draft, why.refs),
        element("p", text(f"{wrong}: {why.refuted_by}")),
    )
    return Html(text(f"{why.sentence} ") + status + evidence)


def _quotes(draft: FiveWhys, refs: Sequence[Ref]) -> list[Html]:
    return [_quote(found) for ref in refs if (found := citation(draft, ref))]


def _quote(cited: Citation) -> Html:
    """A line of evidence and where it stands."""
    place = Html(", " + _link(cited.where, cited.url)) if cited.where else Html("")
    source = element(
        "p", text(f"{cited.evidence}, line {cited.line}: {cited.title}", 400), place, class_="soft"
    )
    return element("blockquote", source, element("code", text(cited.text)))


def _action(action: Action) -> Html:
    told = f"{_WINDOWS[action.window]}, {action.purpose}:"
    return Html(element("strong", text(told)) + text(f" {action.step} Done when: {action.done_when}"))


def _rival(draft: FiveWhys, rival: Rival) -> Html:
    standing_ = "ruled out" if rival.standing == "ruled_out" else "still open"
    return Html(text(f"{rival.cause} ({standing_}) {rival.because}") + "".join(_quotes(draft, rival.refs)))
