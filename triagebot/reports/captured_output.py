"""What a report carries beside a failure, cut to what anybody reads.

In: texts of a report. Out: shorter texts. It judges nothing.
"""

_CAP = 65_536


def capped(text: str) -> str:
    """The text, or head and tail of one that is longer than 64 k characters, saying how much is missing."""
    if len(text) <= _CAP:
        return text
    head = _CAP // 4
    return f"{text[:head]}\n[… {len(text) - _CAP} characters cut …]\n{text[head - _CAP :]}"
