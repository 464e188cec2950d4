"""What clients of other languages say of networks, protocols and limits has the kinds and slots that Python's clients have."""

import pytest

from tests.signatures.elsewhere import dotnet, elsewhere, go, java, php, ruby, rust, v8
from tests.signatures.test_extractors import HITS
from triagebot.signatures import Settings, sign

REFUSED = ("connection", {"state": "refused", "peer": "shop.example"})
LOST = ("dns", {"host": "shop.example", "reason": "unknown"})
UNKNOWN_CA = ("tls", {"reason": "unable to get local issuer certificate"})
BUSY = ("http.status", {"status": "503"})
BUSY_HOST = ("http.status", {"status": "503", "host": "shop.example"})
READ = ("timeout", {"what": "HTTP read"})
TEST = ("timeout", {"what": "test"})

SAID = [
    # Dart: dart:io, package:test
    (str, "SocketException: Connection refused (OS Error: Connection refused, errno = 111), address = 10.0.0.7, port = 8080", "connection", {"state": "refused", "peer": "<ip>:8080"}),
    (str, "SocketException: Failed host lookup: 'shop.example' (OS Error: Name or service not known, errno = -2)", *LOST),
    (str, "TimeoutException after 0:00:30.000000: Test timed out after 30 seconds. See https://pub.dev/packages/test#timeouts", *TEST),
    # Node: fetch and undici, axios, got, node-fetch, superagent, ws, socket.io
    (v8, "TypeError: fetch failed", "connection", {"state": "failed"}),
    (v8, "AxiosError: Request failed with status code 503", *BUSY),
    (v8, "AxiosError: connect ECONNREFUSED 10.0.0.7:8080", "connection", {"state": "refused", "peer": "<ip>:8080"}),
    (v8, "Error: connect ECONNREFUSED ::1:8080", "connection", {"state": "refused", "peer": "localhost:8080"}),
    (v8, "AxiosError: timeout of 500ms exceeded", *READ),
    (v8, "AxiosError: socket hang up", "connection", {"state": "closed"}),
    (v8, "AxiosError: Network Error", "connection", {"state": "failed"}),
    (v8, "Error: getaddrinfo ENOTFOUND shop.example", *LOST),
    (v8, "Error: getaddrinfo EAI_AGAIN shop.example", "dns", {"host": "shop.example", "reason": "temporary"}),
    (v8, "HTTPError: Response code 503 (Service Unavailable)", *BUSY),
    (v8, "HTTPError: Request failed with status code 503 Service Unavailable: GET https://shop.example/quotes", *BUSY_HOST),
    (v8, "TimeoutError: Timeout awaiting 'request' for 1000ms", *READ),
    (v8, "RequestError: read ECONNRESET", "connection", {"state": "reset"}),
    (v8, "HeadersTimeoutError: Headers Timeout Error", *READ),
    (v8, "ConnectTimeoutError: Connect Timeout Error (attempted address: shop.example:443, timeout: 10000ms)", "connection", {"state": "timeout"}),
    (v8, "SocketError: other side closed", "connection", {"state": "closed"}),
    (v8, "TimeoutError: The operation was aborted due to timeout", *READ),
    (v8, "FetchError: request to https://shop.example/quotes failed, reason: connect ECONNREFUSED 127.0.0.1:443", "connection", {"state": "refused"}),
    (v8, "FetchError: network timeout at: https://shop.example/quotes", *READ),
    (v8, 'Error: expected 200 "OK", got 503 "Service Unavailable"', *BUSY),
    (v8, "Error: unable to verify the first certificate", *UNKNOWN_CA),
    (v8, "Error: certificate has expired", "tls", {"reason": "certificate has expired"}),
    (v8, "Error: Hostname/IP does not match certificate's altnames: Host: shop.example. is not in the cert's altnames", "tls", {"reason": "hostname mismatch"}),
    (v8, "Error: Unexpected server response: 503", "ws.handshake", {"status": "503"}),
    (v8, "Error: WebSocket closed with code 1011 (Internal error)", "ws.close", {"code": "1011"}),
    (v8, "Error: WebSocket closed with code 4001", "ws.close", {"code": "4001"}),
    (v8, "Error: xhr poll error", "connection", {"state": "failed"}),
    (v8, "Error: Cannot find module './renderer'", "import", {"module": "renderer"}),
    (v8, 'ZodError: [\n  {\n    "code": "invalid_type",\n    "path": ["price"]\n  }\n]', "validation", {"errors": "price:invalid_type"}),
    (v8, 'StatusCodeError: 503 - {"error":"x"}', *BUSY),
    (java, "java.lang.IllegalArgumentException: Could not resolve placeholder 'STAGING_URL' in value \"${STAGING_URL}\"", "env", {"name": "STAGING_URL"}),
    (java, "java.net.BindException: Address already in use", "filesystem", {"errno": "EADDRINUSE"}),
    (v8, "Error: Missing required environment variable: STAGING_TOKEN", "env", {"name": "STAGING_TOKEN"}),
    (v8, 'error: relation "users" does not exist', "database", {"error": "undefined_table", "object": "users"}),
    (v8, "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "json", {}),
    (v8, "SyntaxError: Unexpected end of JSON input", "json", {}),
    # Node's runners
    (v8, 'Error: thrown: "Exceeded timeout of 5000 ms for a test.\nAdd a timeout value to this test', *TEST),
    (v8, 'Error: Timeout of 2000ms exceeded. For async tests and hooks, ensure "done()" is called', *TEST),
    (v8, "Error: Test timed out in 5000ms.\nIf this is a long-running test", *TEST),
    (v8, "Error: Hook timed out in 10000ms.", "timeout", {"what": "hook"}),
    (v8, "Error: worker process exited unexpectedly (code=null, signal=SIGSEGV)", "worker.crash", {"signal": "SIGSEGV"}),
    (v8, "Error: Worker exited unexpectedly", "worker.crash", {}),
    (v8, "Error: A jest worker process (pid=4711) was terminated by another process: signal=SIGKILL, exitCode=null.", "worker.crash", {"signal": "SIGKILL"}),
    # JDK, Apache, OkHttp, Spring, Feign, RestAssured
    (java, "java.net.ConnectException: Connection refused", "connection", {"state": "refused"}),
    (java, "java.net.ConnectException\nCaused by: java.net.ConnectException\nCaused by: java.nio.channels.ClosedChannelException", "connection", {"state": "refused"}),
    (java, "java.net.ConnectException\nCaused by: java.nio.channels.UnresolvedAddressException", "dns", {"reason": "unknown"}),
    (java, "java.net.ConnectException: Failed to connect to shop.example/10.1.2.3:8080", "connection", {"state": "refused"}),
    (java, "org.apache.http.conn.HttpHostConnectException: Connect to shop.example:8080 [shop.example/10.1.2.3] failed: Connection refused", *REFUSED),
    (java, "org.apache.http.conn.ConnectTimeoutException: Connect to shop.example:8080 [shop.example/10.1.2.3] failed: connect timed out", "connection", {"state": "timeout", "peer": "shop.example"}),
    (java, "org.apache.http.NoHttpResponseException: shop.example:8080 failed to respond", "connection", {"state": "closed"}),
    (java, "java.net.SocketException: Connection reset", "connection", {"state": "reset"}),
    (java, "java.io.IOException: unexpected end of stream on http://shop.example:8080/...", "connection", {"state": "closed"}),
    (java, "java.net.UnknownHostException: shop.example", *LOST),
    (java, "java.net.UnknownHostException: shop.example: Name or service not known", *LOST),
    (java, "java.net.SocketTimeoutException: Read timed out", *READ),
    (java, "java.net.SocketTimeoutException: timeout", *READ),
    (java, "java.net.http.HttpTimeoutException: request timed out", *READ),
    (java, "java.net.http.HttpConnectTimeoutException: HTTP connect timed out", "connection", {"state": "timeout"}),
    (java, "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target", *UNKNOWN_CA),
    (java, "java.io.IOException: Server returned HTTP response code: 503 for URL: http://shop.example/quotes", *BUSY_HOST),
    (java, 'org.springframework.web.client.HttpServerErrorException$ServiceUnavailable: 503 Service Unavailable on GET request for "http://shop.example/quotes": [no body]', *BUSY_HOST),
    (java, "org.springframework.web.reactive.function.client.WebClientResponseException$ServiceUnavailable: 503 Service Unavailable from GET http://shop.example/quotes", *BUSY_HOST),
    (java, "feign.FeignException$ServiceUnavailable: [503 Service Unavailable] during [GET] to [http://shop.example/quotes] [Client#quotes()]: []", *BUSY_HOST),
    (java, "java.lang.AssertionError: 1 expectation failed.\nExpected status code <200> but was <503>.", *BUSY),
    (java, "java.lang.AssertionError: Status expected:<200> but was:<503>", *BUSY),
    (java, "retrofit2.HttpException: HTTP 503 Service Unavailable", *BUSY),
    (java, "java.util.concurrent.ExecutionException: java.io.IOException: WebSocket closed: 1011 Internal error\nCaused by: java.io.IOException: WebSocket closed: 1011 Internal error", "ws.close", {"code": "1011"}),
    (java, "java.net.ProtocolException: Expected HTTP 101 response but was '503 Service Unavailable'", "ws.handshake", {"status": "503"}),
    (java, "java.lang.NoClassDefFoundError: com/example/Renderer", "import", {"module": "com.example.Renderer"}),
    (java, "java.lang.ClassNotFoundException: com.example.Renderer", "import", {"module": "com.example.Renderer"}),
    (java, 'org.postgresql.util.PSQLException: ERROR: relation "users" does not exist', "database", {"error": "undefined_table", "object": "users"}),
    (java, "java.lang.OutOfMemoryError: Java heap space", "process.oom", {}),
    (java, "org.junit.runners.model.TestTimedOutException: test timed out after 500 milliseconds", *TEST),
    (java, "java.util.concurrent.TimeoutException: execution timed out after 500 ms", *TEST),
    (java, "java.lang.AssertionError: \nExpected: is <200>\n     but: was <503>", *BUSY),
    (java, "org.opentest4j.AssertionFailedError: expected: <200> but was: <503>", *BUSY),
    (java, "org.hibernate.exception.JDBCConnectionException: Unable to acquire JDBC Connection\nCaused by: org.postgresql.util.PSQLException: Connection to localhost:5432 refused. Check that the hostname and port are correct", "connection", {"state": "refused", "peer": "localhost:5432"}),
    # .NET
    (dotnet, "Expected response.StatusCode to be HttpStatusCode.OK {value: 200}, but found HttpStatusCode.ServiceUnavailable {value: 503}.", *BUSY),
    (dotnet, "System.Net.Http.HttpRequestException : Connection refused (shop.example:8080)\n---- System.Net.Sockets.SocketException : Connection refused", *REFUSED),
    (dotnet, "System.Net.Http.HttpRequestException : No connection could be made because the target machine actively refused it. (shop.example:8080)", *REFUSED),
    (dotnet, "System.Net.Http.HttpRequestException : Name or service not known (shop.example:80)\n---- System.Net.Sockets.SocketException : Name or service not known", *LOST),
    (dotnet, "System.Net.Http.HttpRequestException : No such host is known. (shop.example:443)", *LOST),
    (dotnet, "System.Net.Http.HttpRequestException : Response status code does not indicate success: 503 (Service Unavailable).", *BUSY),
    (dotnet, "System.Threading.Tasks.TaskCanceledException : The request was canceled due to the configured HttpClient.Timeout of 1 seconds elapsing.\n---- System.TimeoutException : A task was canceled.\n-------- System.Threading.Tasks.TaskCanceledException : A task was canceled.", *READ),
    (dotnet, "System.Net.Http.HttpRequestException : The SSL connection could not be established, see inner exception.\n  ----> System.Security.Authentication.AuthenticationException : The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot", *UNKNOWN_CA),
    (dotnet, "System.Net.Http.HttpRequestException : The SSL connection could not be established, see inner exception.\n ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch", "tls", {"reason": "hostname mismatch"}),
    (dotnet, "System.Net.Http.HttpIOException : The response ended prematurely. (ResponseEnded)", "connection", {"state": "closed"}),
    (dotnet, "System.Net.WebSockets.WebSocketException : The remote party closed the WebSocket connection without completing the close handshake.", "ws.close", {"code": "1006"}),
    (dotnet, "System.Net.WebSockets.WebSocketException : The server returned status code '503' when status code '101' was expected.", "ws.handshake", {"status": "503"}),
    (dotnet, "System.IO.FileNotFoundException : Could not load file or assembly 'Shop.Renderer, Version=1.0.0.0'", "import", {"module": "Shop.Renderer"}),
    # Go
    (go, 'Get "http://shop.example:8080/health": dial tcp 10.1.2.3:8080: connect: connection refused', "connection", {"state": "refused"}),
    (go, 'Get "http://shop.example/": dial tcp: lookup shop.example on 127.0.0.53:53: no such host', *LOST),
    (go, 'Get "http://shop.example/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', *READ),
    (go, 'Get "http://shop.example/slow": dial tcp 10.1.2.3:80: i/o timeout', "connection", {"state": "timeout"}),
    (go, 'Get "http://shop.example/": EOF', "connection", {"state": "closed"}),
    (go, 'Get "http://shop.example/": read tcp 10.0.0.1:5->10.1.2.3:80: read: connection reset by peer', "connection", {"state": "reset"}),
    (go, 'Get "https://shop.example/": tls: failed to verify certificate: x509: certificate signed by unknown authority', *UNKNOWN_CA),
    (go, 'Get "https://shop.example/": x509: certificate is valid for a.example, not shop.example', "tls", {"reason": "hostname mismatch"}),
    (go, "unexpected status 503 Service Unavailable", *BUSY),
    (go, "status = 503, want 200", *BUSY),
    (go, "handler returned wrong status code: got 503 want 200", *BUSY),
    (go, "chat: websocket: close 1011 (internal server error): Internal error", "ws.close", {"code": "1011"}),
    (go, "websocket: close 1006 (abnormal closure): unexpected EOF", "ws.close", {"code": "1006"}),
    (go, "dial: websocket: bad handshake", "ws.handshake", {"reason": "invalid"}),
    (go, "STAGING_TOKEN is not set", "env", {"name": "STAGING_TOKEN"}),
    (go, 'pq: relation "users" does not exist', "database", {"error": "undefined_table", "object": "users"}),
    # Rust
    (rust, 'XCTAssertEqual failed: ("503") is not equal to ("200") - status of quotes', *BUSY),
    (rust, "assertion `left == right` failed\n  left: 503\n right: 200", *BUSY),
    (rust, 'called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Status(503), url: "http://shop.example/quotes" }', *BUSY_HOST),
    (rust, "Error: HTTP status server error (503 Service Unavailable) for url (http://shop.example/quotes)", *BUSY_HOST),
    (rust, 'called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://shop.example:8080/", source: hyper_util::client::legacy::Error(Connect, ConnectError("tcp connect error", 10.1.2.3:8080, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) }', "connection", {"state": "refused"}),
    (rust, 'called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://shop.example/", source: hyper_util::client::legacy::Error(Connect, ConnectError("dns error", Custom { kind: Uncategorized, error: "failed to lookup address information: Name or service not known" })) }', *LOST),
    (rust, 'called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://shop.example/slow", source: TimedOut }', *READ),
    (rust, 'called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "https://shop.example/", source: hyper_util::client::legacy::Error(Connect, Custom { kind: Other, error: Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) } }) }', *UNKNOWN_CA),
    (rust, "WebSocket protocol error: Connection reset without closing handshake", "ws.close", {"code": "1006"}),
    # PHP: Guzzle and curl
    (php, "GuzzleHttp\\Exception\\ServerException: Server error: `GET http://shop.example/quotes` resulted in a `503 Service Unavailable` response:\n{}", *BUSY_HOST),
    (php, "GuzzleHttp\\Exception\\ConnectException: cURL error 7: Failed to connect to shop.example port 8080 after 0 ms: Couldn't connect to server (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for http://shop.example:8080/health", "connection", {"state": "refused"}),
    (php, "GuzzleHttp\\Exception\\ConnectException: cURL error 28: Operation timed out after 1004 milliseconds with 0 bytes received (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for http://shop.example/slow", "timeout", {"what": "HTTP read", "host": "shop.example"}),
    (php, "GuzzleHttp\\Exception\\ConnectException: cURL error 6: Could not resolve host: shop.example (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for http://shop.example/", *LOST),
    (php, "GuzzleHttp\\Exception\\RequestException: cURL error 60: SSL certificate problem: self-signed certificate (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://shop.example/", "tls", {"reason": "self-signed certificate", "host": "shop.example"}),
    (php, "RuntimeException: WebSocket closed with code 1011: Internal error", "ws.close", {"code": "1011"}),
    (php, "Failed asserting that 503 is identical to 200.", *BUSY),
    (php, 'Error: Class "Shop\\Renderer" not found', "import", {"module": "Shop\\Renderer"}),
    (php, "PDOException: SQLSTATE[42P01]: Undefined table", "database", {"error": "undefined_table"}),
    # Ruby: Net::HTTP and Faraday
    (ruby, "Faraday::ServerError: the server responded with status 503", *BUSY),
    (ruby, "Faraday::ConnectionFailed: Failed to open TCP connection to shop.example:8080 (Connection refused - connect(2) for shop.example:8080)", *REFUSED),
    (ruby, "Faraday::ConnectionFailed: Failed to open TCP connection to shop.example:80 (getaddrinfo: Name or service not known)", *LOST),
    (ruby, "Faraday::TimeoutError: Net::ReadTimeout with #<Socket:(closed)>", *READ),
    (ruby, "Net::OpenTimeout: execution expired", "connection", {"state": "timeout"}),
    (ruby, "EOFError: end of file reached", "connection", {"state": "closed"}),
    (ruby, "Faraday::SSLError: SSL_connect returned=1 errno=0 peeraddr=10.1.2.3:443 state=error: certificate verify failed (self-signed certificate)", "tls", {"reason": "self-signed certificate"}),
    (ruby, "RSpec::Expectations::ExpectationNotMetError: expected: 200\n     got: 503\n\n(compared using ==)", *BUSY),
    (ruby, 'KeyError: key not found: "STAGING_TOKEN"', "env", {"name": "STAGING_TOKEN"}),
    (ruby, "LoadError: cannot load such file -- renderer", "import", {"module": "renderer"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "said", "kind", "slots"), SAID, ids=[f"{s.__name__}: {t[:60]}" for s, t, _k, _v in SAID]
)
def test_a_client_of_another_language_is_read_like_pythons(shape, said, kind, slots):
    signature = sign(elsewhere(shape(said)))
    assert (signature.kind, {**dict(signature.slots), **slots}) == (kind, dict(signature.slots))


@pytest.mark.parametrize(
    ("shape", "said", "kind", "slots"), SAID, ids=[f"{s.__name__}: {t[:60]}" for s, t, _k, _v in SAID]
)
def test_the_message_alone_says_the_same(shape, said, kind, slots):
    if "\n" in said:
        return  # a chain is more than its message
    assert sign(elsewhere("", said)).kind == kind


def test_a_count_is_no_status():
    text = v8(
        "Error: expect(received).toEqual(expected)\n\nExpected: 200\nReceived: 404\n\n> 9 |   expect(items.length).toEqual(200);"
    )
    assert sign(elsewhere(text)).kind == "assert"


def test_no_message_of_pytests_alone_has_another_key_than_before():
    said = [f"{type_}: {message}" for type_, message, _kind, _slots in HITS]
    test = "tests/test_a.py::test_b"
    changed = [
        message
        for message in said
        for failure in (
            elsewhere("", message, test=test),
            elsewhere(message, test=test),
            elsewhere(message, message, test=test),
        )
        if sign(failure).key != sign(failure, Settings(algorithm=1)).key
    ]
    assert changed == []


@pytest.mark.parametrize(
    "said",
    [
        'playwright._impl._errors.TimeoutError: Page.click: Timeout 30000ms exceeded.\nCall log:\n  - waiting for locator("#a")',
        'AssertionError: Locator expected to be visible\nActual value: None\nCall log:\n  - waiting for locator("#a")',
        "Error: fetch failed",
        "AssertionError: expected 200, got 503",
        "RuntimeError: Caused by: x",
    ],
)
def test_a_message_of_pytests_alone_keeps_its_key(said):
    found = elsewhere("", said, test="tests/test_a.py::test_b")
    assert sign(found).key == sign(found, Settings(algorithm=1)).key


def test_python_is_read_as_python_whatever_it_quotes():
    quoted = (
        "E   RuntimeError: the other side said:\nE   TypeError: fetch failed\nE       at get (/app/a.js:1:2)"
    )
    found = sign(
        elsewhere(f"tests/test_a.py:12: in test_b\n    call()\n{quoted}", test="tests/test_a.py::test_b")
    )
    assert (found.kind, dict(found.slots)["type"]) == ("error", "RuntimeError")
