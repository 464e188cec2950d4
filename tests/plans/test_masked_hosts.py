"""A host that one report masks and the next one names moves no failure to another issue; two hosts stay two."""

import pytest

from tests.plans.worlds import local, run, triage
from tests.signatures.said import failure, long_text
from triagebot.config import Config
from triagebot.groups.grouping import grouped
from triagebot.issues.masked_hosts import with_masked_hosts

SAID = [
    ("requests.exceptions.HTTPError", "503 Server Error: Service Unavailable for url: https://{}/v1"),
    ("requests.exceptions.ConnectionError", "HTTPSConnectionPool(host='{}', port=443): Max retries exceeded with url: /a (Caused by NewConnectionError('x: Failed to establish a new connection: [Errno 111] Connection refused'))"),
    ("aiohttp.client_exceptions.ClientConnectorError", "Cannot connect to host {}:443 ssl:default [Connection refused]"),
    ("AssertionError", "GET https://{}/x answered 503"),
]  # fmt: skip
NAMED, OTHER, MASKS = "api.staging.example", "pay.staging.example", ("***", "[REDACTED:secret#1]")


def day(tracker, number: int, type_: str, said: str, *hosts: str) -> None:
    told = [failure("", long_text(type_, said.format(host))) for host in hosts]
    groups = with_masked_hosts(grouped(told, Config()), tracker.issues(), Config())
    triage(tracker, run(f"r{number}", groups, day=number), groups)


@pytest.mark.parametrize(("type_", "said"), SAID)
@pytest.mark.parametrize("hosts", [(NAMED, *MASKS, NAMED), (*MASKS, NAMED, MASKS[0])])
def test_masked_and_named_are_one_issue_in_any_order(tmp_path, type_: str, said: str, hosts) -> None:
    tracker = local(tmp_path)
    for number, host in enumerate(hosts):
        day(tracker, number, type_, said, host)
    assert [issue.marker.seen for issue in tracker.issues()] == [4]


@pytest.mark.parametrize(("type_", "said"), SAID)
@pytest.mark.parametrize("first", [NAMED, "***"])
def test_two_hosts_stay_two_and_a_mask_that_could_be_either_is_a_third(
    tmp_path, type_: str, said: str, first: str
) -> None:
    tracker = local(tmp_path)
    day(tracker, 0, type_, said, first)
    day(tracker, 1, type_, said, NAMED, OTHER)
    day(tracker, 2, type_, said, NAMED, OTHER)
    assert len(tracker.issues()) == (2 if first == NAMED else 3)
    day(tracker, 3, type_, said, "***")
    assert len(tracker.issues()) == 3
