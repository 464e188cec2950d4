"""The files of a run's report: an index and one page a cause, each as Markdown and as HTML."""

from collections.abc import Sequence

from triagebot.pages.document import Cause, run_document
from triagebot.pages.html_pages import cause_page, run_page
from triagebot.pages.markdown_pages import cause_markdown, run_markdown
from triagebot.reports.model import Run


def files(
    run: Run,
    causes: Sequence[Cause],
    gates: tuple[tuple[str, bool, str], ...] = (),
    proof: tuple[str, ...] = (),
) -> dict[str, str]:
    """The text of every file of a report by its name: index.md, index.html, and two for each cause."""
    shown = run_document(run, causes, gates, proof)
    found = {"index.md": str(run_markdown(shown)), "index.html": run_page(shown)}
    for cause in shown.causes:
        found[f"{cause.name}.md"] = str(cause_markdown(shown, cause))
        found[f"{cause.name}.html"] = cause_page(shown, cause)
    return found
