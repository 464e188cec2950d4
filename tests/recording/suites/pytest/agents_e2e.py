import pytest
from client import chat, get


def test_chat_answers_a_question():
    chat("What do I pay?")


def test_quotes_are_priced():
    get("API", "/api/quotes")


def test_report_service_is_up():
    get("DOWN", "/health")


def test_deep_report_is_ready_in_time():
    get("SITE", "/slow")


def test_basket_holds_the_plan():
    assert get("SITE", "/basket.json")["plan"] == "small"


@pytest.mark.parametrize("total", [41, 43], ids=["small plan", "large plan"])
def test_saving_adds_up(total):
    assert get("SITE", "/basket.json") == {"items": [], "total": total}


def test_partner_resolves():
    get("PARTNER", "/")


def test_certificate_is_trusted():
    get("TLS", "/")


def test_shows_the_total():
    assert len(get("SITE", "/basket.json")["items"]) == 1


@pytest.fixture
def archive():
    return get("DOWN", "/archive")


def test_keeps_runs(archive):
    assert archive
