"""The listing that a run starts from: every issue of ours, complete, by the way that asks least of GitHub.

In: the API, our label, our login and whether nobody else's markers count. Out: a `Listing`. It decides what to ask and
when a list proves something; it believes no marker and remembers nothing.

A listing by our label cannot show what people took our label off, which has to be asked for before anything is opened
(golang/go#72731): one more list. A listing by our login shows both at once, but it also shows whatever else is opened
under that login, which for a token of Actions can be every pull request of every workflow. So we ask by login first and
go by label where a page is crowded with others. A list by login that shows none of ours proves nothing: on some GitHubs
the filter does not know the logins of apps (renovatebot/renovate#44730, a new issue in every run).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triagebot.trackers.github import responses
from triagebot.trackers.github.requests import UNPROCESSABLE, Api, RefusedError
from triagebot.trackers.github.responses import IssueAnswer, next_page

Page = tuple[list[IssueAnswer], Mapping[str, str]]
_OLDEST_FIRST = {"state": "all", "sort": "created", "direction": "asc"}
"""What is opened or changed while we turn the pages moves nothing that we have not seen."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Issues with our label, and the headers of the first page.

    `unlabelled` are those of our login without our label, all of them; None where nobody asked for them.
    """

    issues: tuple[IssueAnswer, ...]
    headers: Mapping[str, str]
    unlabelled: tuple[IssueAnswer, ...] | None = None


def every(api: Api, label: str, login: str, *, alone: bool) -> Listing:
    """All issues with our label that can be ours. `alone` says that only our own login opens such issues."""
    mine = _by_login(api, label, login) if alone else None
    if mine is not None and mine.issues:
        return mine
    found = labelled(api, label, _OLDEST_FIRST)
    return found if mine is None else Listing(found.issues, found.headers, mine.unlabelled)


def labelled(api: Api, label: str, parameters: Mapping[str, str]) -> Listing:
    """All issues with our label, whoever opened them."""
    pages = [*_pages(api, {"state": "all", **parameters, "labels": label})]
    return Listing(tuple(_issues(pages)), pages[0][1])


def changed_last(api: Api, login: str) -> Sequence[IssueAnswer]:
    """The issues among the 100 that changed last under our login."""
    mine = {"creator": login, "state": "all", "sort": "updated", "direction": "desc"}
    try:
        return [*_issues([next(_pages(api, mine))])]
    except RefusedError as error:
        _raise_unless_unresolved(error)
        return ()


def has(answer: IssueAnswer, label: str) -> bool:
    """Whether an issue carries a label; their case means nothing to GitHub."""
    return label.lower() in (there.name.lower() for there in answer.labels)


def _by_login(api: Api, label: str, login: str) -> Listing | None:
    """All issues of our login; None where that is a crowd in which ours are few, or GitHub refuses the filter."""
    pages = []
    try:
        for found in _pages(api, {"creator": login, **_OLDEST_FIRST}):
            if next_page(found[1]) and _is_crowded(found[0], label):
                return None
            pages.append(found)
    except RefusedError as error:
        _raise_unless_unresolved(error)
        return None
    issues = [*_issues(pages)]
    ours = tuple(issue for issue in issues if has(issue, label))
    return Listing(ours, pages[0][1], tuple(issue for issue in issues if not has(issue, label)))


def _raise_unless_unresolved(error: RefusedError) -> None:
    """GitHub answers 422 to a login that it cannot resolve: then the filter is of no use, and nothing else is wrong."""
    if error.status != UNPROCESSABLE:
        raise error


def _is_crowded(found: Sequence[IssueAnswer], label: str) -> bool:
    """Whether fewer than half of a page are issues with our label: by label it is a shorter way to the rest."""
    return sum(has(answer, label) for answer in _issues([(found, {})])) * 2 < len(found)


def _pages(api: Api, parameters: Mapping[str, str]) -> Iterator[Page]:
    """The pages of one list of issues."""
    return api.pages(responses.ISSUES, "/issues", "issues", dict(parameters))


def _issues(pages: Sequence[tuple[Sequence[IssueAnswer], Mapping[str, str]]]) -> Iterator[IssueAnswer]:
    """What stands on the pages and is no pull request."""
    return (answer for found, _ in pages for answer in found if answer.pull_request is None)
