"""What of a host stays the same from deploy to deploy."""

import pytest

from tests.signatures.said import failure, long_text
from triagebot.signatures import Settings, sign
from triagebot.signatures.host import fixed, hosts_in, of_url, role, steady, with_port, without_given_port


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("API.Shop.Example.", "api.shop.example"),
        ("127.0.0.1", "localhost"),
        ("[::1]", "localhost"),
        ("0.0.0.0", "localhost"),
        ("10.0.0.5", "<ip>"),
        ("[2001:db8::1]", "<ip>"),
        ("api-7d9f8b6c5d-x2x1z.shop.example", "api.shop.example"),
        ("api-00238-abc.run.example", "api.run.example"),
        ("api-9f8e7d6c.shop.example", "api-*.shop.example"),
        ("pr-4711.shop.example", "pr-*.shop.example"),
        ("api2.shop.example", "api2.shop.example"),
        ("facade.example", "facade.example"),
    ],
)
def test_what_changes_from_deploy_to_deploy_is_masked(host, name):
    assert steady(host) == name


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("api.shop.example", "8443", "api.shop.example"),
        ("127.0.0.1", "5432", "localhost:5432"),
        ("127.0.0.1", "51234", ""),
        ("127.0.0.1", "", ""),
        ("10.0.0.5", "8443", "<ip>:8443"),
        ("10.0.0.5", "51234", "<ip>"),
        ("", "5432", "5432"),
        ("", "", ""),
    ],
)
def test_a_port_says_which_service_it_is_where_no_name_does(host, port, said):
    assert with_port(host, port) == said


@pytest.mark.parametrize(
    ("port", "is_fixed"),
    [("0", False), ("1", True), ("32767", True), ("32768", False), ("", False), ("x", False)],
)
def test_a_fixed_port_lies_below_the_kernels_own(port, is_fixed):
    assert fixed(port) is is_fixed


@pytest.mark.parametrize(
    ("host", "roles", "said"),
    [
        ("localhost:8000", {}, "localhost:8000"),
        ("localhost:29999", {}, "localhost:29999"),
        ("localhost:30000", {}, ""),
        ("<ip>:32767", {}, "<ip>"),
        ("api.shop.example", {}, "api.shop.example"),
        ("localhost:30080", {"localhost:30080": "the api"}, "localhost:30080"),
        ("localhost:30081", {"localhost:30080": "the api"}, ""),
    ],
)
def test_a_port_that_an_orchestrator_gave_is_noise_unless_configured(host, roles, said):
    assert without_given_port(host, roles) == said


NODE_PORTS = [
    ("ConnectionRefusedError", "[Errno 111] Connect call failed ('10.0.0.3', {})"),
    ("requests.exceptions.ConnectionError", "HTTPConnectionPool(host='127.0.0.1', port={}): Max retries exceeded with url: /a (Caused by NewConnectionError('x: Failed to establish a new connection: [Errno 111] Connection refused'))"),
    ("requests.exceptions.HTTPError", "503 Server Error: Service Unavailable for url: http://localhost:{}/x"),
    ("psycopg.OperationalError", 'connection failed: connection to server at "10.0.0.1", port {} failed: Connection refused'),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "words"), NODE_PORTS)
def test_such_a_port_moves_no_key_and_the_key_of_before_is_known(type_, words):
    one, other = (failure("", long_text(type_, words.format(port))) for port in (30_123, 32_767))
    assert sign(one).key == sign(other).key != sign(failure("", long_text(type_, words.format(8080)))).key
    assert sign(one, Settings(algorithm=1)).key in sign(one).known_as
    assert "30123" not in sign(one).title
    named = Settings(hosts={"localhost:30123": "the api"})
    if "127.0.0.1" in words or "localhost" in words:
        assert "the api" in dict(sign(one, named).slots).values()
        assert sign(one).key in sign(one, named).aliases


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("no address", ()),
        ("https://b.example/x then wss://a.example and https://b.example/y", ("b.example", "a.example")),
        ("postgresql+asyncpg://app:pw@db.example:5432/x", ("db.example",)),
        ("see https://docs.pytest.org/en/stable", ()),
        ("ftp://files.example :// ://", ()),
        (" ".join(f"https://{name}.example" for name in "abcdefg"), tuple(f"{n}.example" for n in "abcde")),
    ],
)
def test_hosts_of_addresses_in_order_five_at_most(text, hosts):
    assert hosts_in(text) == hosts


def test_only_the_first_twenty_addresses_are_looked_at():
    manuals = "https://docs.python.org/3 "
    assert hosts_in(manuals * 19 + "https://a.example") == ("a.example",)
    assert hosts_in(manuals * 20 + "https://a.example") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GET http://localhost:8000/health", "localhost:8000"),
        ("GET https://docs.python.org then https://api.example/", "api.example"),
        ("GET /health", ""),
    ],
)
def test_the_first_address_says_where(text, said):
    assert of_url(text) == said


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("api.example:8443", "the port's"),
        ("api.example:9000", "the api"),
        ("api.example", "the api"),
        ("db.example", "db.example"),
    ],
)
def test_a_role_is_that_of_the_port_else_of_the_host(host, said):
    assert role(host, {"api.example": "the api", "api.example:8443": "the port's"}) == said
