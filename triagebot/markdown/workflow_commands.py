"""Untrusted text as the data or a property of a workflow command, such as `::error title=…::…`.

In: any string. Out: the string as the Actions runner unescapes it (its ActionCommand.cs), on one line of the log.
"""

from triagebot.markdown.text import visible


def workflow(text: str) -> str:
    """`text` as the data of a workflow command. Lines stay lines, for the runner puts them back."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """`text` as the value of a workflow command's property, where `:` and `,` end things too."""
    return workflow(text).replace(":", "%3A").replace(",", "%2C")
