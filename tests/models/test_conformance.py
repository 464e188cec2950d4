"""What every model vendor does, as `DraftModel` promises: each test runs against every folder of `VENDORS`, over real HTTP.

A new vendor adds a line to `SERVICES`: the configuration and environment that lead to it, and how its service writes answers.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.drafts.samples import request
from tests.models.stub import Answer, Stub, cut, error, html, message, serving, slow
from triagebot.config import Drafts
from triagebot.models.model import OUTCOMES, DraftModel, NoAccessError, Tokens
from triagebot.models.model_drafts import VENDORS, has_access, open_model


@dataclass(frozen=True)
class Service:
    """How one vendor is reached and how its service says things."""

    provider: str
    access: dict[str, str]
    says: Callable[[str], Answer]
    refuses: Callable[..., Answer]
    garbage: Callable[..., Any]


SERVICES = {
    "claude": Service(
        "anthropic",
        {"ANTHROPIC_API_KEY": "sk-ant-test-key"},
        lambda text: message(text, usage={"input_tokens": 11, "output_tokens": 7}),
        lambda status, **headers: error(status, "some_error", "what it says", **headers),
        html,
    )
}


@pytest.fixture(params=sorted(SERVICES))
def service(request: pytest.FixtureRequest) -> Service:
    return SERVICES[request.param]


def opened(service: Service, stub: Stub) -> DraftModel:
    return open_model(Drafts(provider=service.provider), service.access, stub.url)


def test_every_vendor_has_a_service_here():
    assert set(SERVICES) == set(VENDORS.values())


def test_without_access_the_model_is_not_opened_and_the_error_says_what_to_set(service):
    limits = Drafts(provider=service.provider)
    assert not has_access(limits, {})
    assert has_access(limits, service.access)
    with pytest.raises(NoAccessError, match="set ") as raised:
        open_model(limits, {})
    assert OUTCOMES[raised.value.outcome].account


def test_an_answer_is_its_text_and_what_it_used(service):
    with serving(service.says('{"a": 1}')) as stub:
        answered = opened(service, stub).ask(request(), 20)
    assert (answered.text, answered.outcome, answered.again) == ('{"a": 1}', None, False)
    assert answered.tokens == Tokens(input=11, output=7)


@pytest.mark.parametrize(
    ("status", "outcome", "again"),
    [(401, "bad_key", False), (403, "forbidden", False), (429, "rate_limited", True), (500, "server_error", True)],
)  # fmt: skip
def test_a_refusal_has_a_name_and_says_whether_to_ask_again(service, status, outcome, again):
    with serving(service.refuses(status)) as stub:
        answered = opened(service, stub).ask(request(), 20)
        assert len(stub.asked) == 1, "trying again is not the vendor's"
    assert (answered.outcome, answered.again, answered.lost, answered.tokens) == (outcome, again, False, None)
    assert "what it says" in answered.text


def test_the_service_says_how_long_to_wait(service):
    with serving(service.refuses(429, retry_after="7")) as stub:
        assert opened(service, stub).ask(request(), 20).pause == 7.0


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [(slow(3, message("late")), {"timeout"}), (cut, {"unreachable", "not_api"})],
    ids=["too late", "cut off"],
)
def test_an_answer_that_is_lost_may_have_been_billed_and_is_not_asked_for_again(service, answer, outcomes):
    with serving(answer) as stub:
        answered = opened(service, stub).ask(request(), 0.5)
    assert answered.outcome in outcomes
    assert (answered.lost, answered.again, answered.tokens) == (True, False, None)


def test_what_is_no_answer_of_the_service_has_a_name(service):
    with serving(service.garbage()) as stub:
        assert opened(service, stub).ask(request(), 20).outcome == "not_api"


def test_nobody_there_is_not_billed_and_may_be_asked_again(service):
    model = open_model(Drafts(provider=service.provider), service.access, "http://127.0.0.1:9")
    answered = model.ask(request(), 20)
    assert (answered.outcome, answered.lost, answered.again) == ("unreachable", False, True)


def test_closing_ends_a_call_that_waits_or_lets_it_end_by_its_own_time(service):
    with serving(slow(5, service.says("late"))) as stub:
        model = opened(service, stub)
        asked = threading.Thread(target=model.ask, args=(request(), 2.0))
        asked.start()
        while not stub.asked:
            time.sleep(0.01)
        model.close()
        asked.join(timeout=20)
        assert not asked.is_alive()
