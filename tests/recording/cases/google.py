"""Statuses and codes of Google Cloud: Storage over HTTP, and gRPC errors as google-api-core wraps them."""

from concurrent import futures

import google.api_core
import google.api_core.exceptions
import google.api_core.grpc_helpers
import google.auth
import google.auth.credentials
import grpc
import pytest
from google.api_core.retry import Retry
from google.cloud import storage

import loopback
from loopback import HOST
from recorder import case, statuses

CLIENT = "google-api-core"
VERSION = google.api_core.__version__
CODES = [
    "UNAVAILABLE",
    "PERMISSION_DENIED",
    "UNAUTHENTICATED",
    "RESOURCE_EXHAUSTED",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "NOT_FOUND",
]


def bucket(port, retry=None):
    client = storage.Client(
        project="shop",
        credentials=google.auth.credentials.AnonymousCredentials(),
        client_options={"api_endpoint": f"http://{HOST}:{port}"},
    )
    return client.get_bucket("invoices", retry=retry, timeout=0.5)


@pytest.mark.parametrize("status", statuses(400, 403, 404, 409, 412, 429, 500, 502, 503, 504))
def test_status(status):
    body = {
        "error": {
            "code": status,
            "message": "The service is currently unavailable." if status == 503 else "No.",
        }
    }
    with loopback.web(status=status, bodies={status: body}) as port:
        bucket(port)


@case("http.status", status="503")
def test_retries_end():
    body = {"error": {"code": 503, "message": "The service is currently unavailable."}}
    with loopback.web(status=503, bodies={503: body}) as port:
        bucket(port, retry=Retry(initial=0.1, timeout=0.5))


@case("connection", state="refused")
def test_connection_refused():
    bucket(loopback.closed_port())


@case("timeout", what="HTTP read")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        bucket(port)


@pytest.mark.parametrize("answer", [pytest.param(code, marks=case("grpc", code=code)) for code in CODES])
def test_grpc_code(answer):
    def method(request, context):
        context.abort(grpc.StatusCode[answer], "quota of project shop used up")

    handler = grpc.method_handlers_generic_handler(
        "shop.Orders", {"Place": grpc.unary_unary_rpc_method_handler(method)}
    )
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[handler])
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    try:
        with grpc.insecure_channel(f"{HOST}:{port}") as channel:
            call = google.api_core.grpc_helpers.wrap_errors(channel.unary_unary("/shop.Orders/Place"))
            call(b"", timeout=2)
    finally:
        server.stop(None)


@case("connection", state="refused")
def test_grpc_connection_refused():
    with grpc.insecure_channel(f"{HOST}:{loopback.closed_port()}") as channel:
        google.api_core.grpc_helpers.wrap_errors(channel.unary_unary("/shop.Orders/Place"))(b"", timeout=2)


@case("")
def test_no_credentials(monkeypatch):
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    google.auth.default()


@case("")
def test_credentials_file_missing(monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/gcp.json")
    google.auth.default()
