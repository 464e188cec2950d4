"""A document as an HTML page that stands alone: no script, no asset from outside, light and dark, readable aloud.

In: documents. Out: the text of a page. The markup stands in `triagebot/templates`. Every value that a template shows passes
`_shown` and Jinja's escaping, and every address passes `web_address`: nothing from outside can be read as markup.
"""

import base64
import hashlib
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from triagebot.drafts.model import Digest
from triagebot.drafts.outline import MARKS, STANDINGS, WINDOWS
from triagebot.drafts.sanitizing import disarm
from triagebot.pages.document import CauseDocument, RunDocument

_MOST = 8_000
"""Characters of one value on a page; a template cuts shorter where a line is meant."""
TESTS_IN_SIGHT = 8
"""Up to so many failing tests are listed openly; more of them stand in a fold."""
TESTS_OF_MANY = 5


def run_page(run: RunDocument) -> str:
    """The page of the whole run."""
    return _environment().get_template("run.html.j2").render(run=run)


def cause_page(run: RunDocument, cause: CauseDocument) -> str:
    """The page of one cause."""
    template = "digest.html.j2" if isinstance(cause.draft, Digest) else "five_whys.html.j2"
    return _environment().get_template(template).render(run=run, cause=cause)


def page(template: str, **values: Any) -> str:
    """A page of any template."""
    return _environment().get_template(template).render(**values)


def web_address(url: str) -> bool:
    """Whether `url` is a plain address of the web, with nothing hidden in it."""
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def cut(text: str, limit: int) -> str:
    """`text`, cut visibly at `limit` characters."""
    return text if len(text) <= limit else f"{text[:limit]} […]"


@cache
def _environment() -> Environment:
    """The templates, with everything that they may call."""
    found = Environment(
        loader=PackageLoader("triagebot", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = found.get_template("style.css").render()
    found.filters["cut"] = cut
    found.tests["web_address"] = web_address
    found.globals |= {
        "style": Markup(style),  # noqa: S704 - our own file
        "style_digest": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "marks": MARKS,
        "windows": WINDOWS,
        "standings": STANDINGS,
        "tests_in_sight": TESTS_IN_SIGHT,
        "tests_of_many": TESTS_OF_MANY,
    }
    return found


def _shown(value: Any) -> Any:
    """Text from outside without hidden characters, and of bounded length; what is markup already stays."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return cut(disarm(value), _MOST)
