"""Pages for people: one document value for a run and for each cause, shown as Markdown and as HTML.

In: a run, its causes with their drafts. Out: the texts of files by name. `document` decides what is told, `markdown` and
`html` only how it looks: Markdown goes through `triagebot.markdown`, HTML through the templates of `triagebot/templates`,
whose output is escaped. This room judges nothing and writes no file.
"""

from triagebot.pages.board_pages import board_files
from triagebot.pages.document import Cause, CauseDocument, RunDocument, cause_document, run_document
from triagebot.pages.run_pages import files

__all__ = ["Cause", "CauseDocument", "RunDocument", "board_files", "cause_document", "files", "run_document"]
