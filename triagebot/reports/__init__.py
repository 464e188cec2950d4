"""Bytes in, a `Run` out: what ran, what broke and what could not be read.

`parse` makes a `Report` of one file, whichever of `FORMATS` it is written in (`read_text`, then `parse_text`); `merge` makes one `Run` of all reports
of a command; `different_runs` says when they are plainly not of one run. Nothing here opens a file, and nothing that
a file holds can end the program: what cannot be read is a `Problem` with its reason and place.
"""

from triagebot.reports.decoding import read_text
from triagebot.reports.formats import FORMATS, Format, parse, parse_text, sniff
from triagebot.reports.merging import different_runs, merge
from triagebot.reports.model import Context, Report, Run
from triagebot.reports.test_names import join_id

__all__ = [
    "FORMATS",
    "Context",
    "Format",
    "Report",
    "Run",
    "different_runs",
    "join_id",
    "merge",
    "parse",
    "parse_text",
    "read_text",
    "sniff",
]
