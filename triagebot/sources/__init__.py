"""Where bytes come from: files, folders, globs, archives and standard input.

Effects live here: this room opens what the user named and hands over bytes with a name to blame. It never writes,
never unpacks to disk and judges no content beyond "does this look like a report?".
"""

from triagebot.sources.allowance import Allowance
from triagebot.sources.archives import Blob
from triagebot.sources.report_files import Sources, read

__all__ = ["Allowance", "Blob", "Sources", "read"]
