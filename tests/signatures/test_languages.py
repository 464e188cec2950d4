"""Errors of other languages become the chain that Python's are: type, message, frames with the outermost first, causes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signatures.elsewhere import dotnet, elsewhere, go, java, php, ruby, rust, v8
from triagebot.signatures import judge
from triagebot.signatures.extractors import EXTRACTORS
from triagebot.signatures.languages import LANGUAGES

JEST = """  ● shop › pays

    TypeError: fetch failed

      4 |
    > 6 |   const response = await fetch(url);
        |                          ^
      7 |   return response.json();

      at get (staging.js:6:20)
      at Object.<anonymous> (shop.test.js:11:5)

    Cause:
        connect ECONNREFUSED 127.0.0.1:8812
"""
INSPECTED = """[Error [ERR_TEST_FAILURE]: fetch failed] {
  code: 'ERR_TEST_FAILURE',
  failureType: 'testCodeFailure',
  cause: TypeError [Error]: fetch failed
      at node:internal/deps/undici/undici:14976:13
      at async get (/w/shop.test.js:9:20) {
    [cause]: Error: connect ECONNREFUSED 127.0.0.1:8812
        at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {
      errno: -111,
      code: 'ECONNREFUSED'
    }
  }
}"""
AGGREGATE = """TypeError: fetch failed
    at get (/w/shop.js:9:20)
[cause]: AggregateError [ECONNREFUSED]:
    at internalConnectMultiple (node:net:1122:18) {
  code: 'ECONNREFUSED',
  [errors]: [
    Error: connect ECONNREFUSED ::1:3000
        at createConnectionError (node:net:1642:14) {
      errno: -111
    },
    Error: connect ECONNREFUSED 127.0.0.1:3000
        at createConnectionError (node:net:1642:14) {
      errno: -111
    }
  ]
}"""
JAVA = """com.example.PlanException: the plan could not be priced
\tat com.example.shop.ShopTest.pays(ShopTest.java:66)
\tSuppressed: java.lang.IllegalStateException: while closing
\t\tat com.example.shop.Client.close(Client.java:3)
Caused by: java.io.IOException: Server returned HTTP response code: 503 for URL: http://shop.example/quotes
\tat com.example.shop.Client.get(Client.java:64)
\t... 2 more"""
PANIC = """=== RUN   TestPays
--- FAIL: TestPays (0.00s)
panic: runtime error: invalid memory address or nil pointer dereference [recovered]
\tpanic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x68d01d]

goroutine 20 [running]:
testing.tRunner.func1.2({0x6bd9e0, 0x9255b0})
\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e
panic({0x6bd9e0, 0x9255b0})
\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212
example.com/shop/pay.(*Client).Get(0xc0000851e0)
\t/home/runner/go/src/example.com/shop/pay/client.go:12 +0x1d
example.com/shop/pay.TestPays(0xc0000851e0)
\t/home/runner/go/src/example.com/shop/pay/pay_test.go:9 +0x1d
"""
RSPEC = """Failure/Error: raise 'the plan could not be priced'

RuntimeError:
  the plan could not be priced
./spec/shop_spec.rb:19:in `rescue in block (2 levels) in <top (required)>'
------------------
--- Caused by: ---
Faraday::ServerError:
  the server responded with status 503
  ./spec/staging.rb:12:in `get'"""

CHAINS = [
    (v8("TypeError: a is not a function"), [("TypeError", "a is not a function")], "pay"),
    (JEST, [("", "connect ECONNREFUSED 127.0.0.1:8812"), ("TypeError", "fetch failed")], "get"),
    (INSPECTED, [("Error", "connect ECONNREFUSED 127.0.0.1:8812"), ("TypeError", "fetch failed")], None),
    ("TypeError: a is undefined\npay@http://localhost:3000/app.js:12:9\nstart@http://localhost:3000/app.js:1:1", [("TypeError", "a is undefined")], "pay"),
    (JAVA, [("java.io.IOException", "Server returned HTTP response code: 503 for URL: http://shop.example/quotes"), ("com.example.PlanException", "the plan could not be priced")], "ShopTest.pays"),
    (java("kotlin.KotlinNullPointerException"), [("kotlin.KotlinNullPointerException", "")], "Client.get"),
    (dotnet("System.Net.Http.HttpRequestException : Connection refused (shop.example:80)\n ---> System.Net.Sockets.SocketException (111): Connection refused"), [("System.Net.Sockets.SocketException", "Connection refused"), ("System.Net.Http.HttpRequestException", "Connection refused (shop.example:80)")], "Client.Get"),
    (go("total = 41, want 43"), [("", "total = 41, want 43")], "TestPays"),
    (PANIC, [("", "panic: runtime error: invalid memory address or nil pointer dereference")], "pay.(*Client).Get"),
    (rust("quota exceeded"), [("", "quota exceeded")], "pays"),
    ("ShopTest::testPays\nRuntimeException: the plan could not be priced\n\n/w/tests/ShopTest.php:9\n\nCaused by\nGuzzleHttp\\Exception\\ServerException: Server error: 503\n\n/w/src/Client.php:3", [("GuzzleHttp\\Exception\\ServerException", "Server error: 503"), ("RuntimeException", "the plan could not be priced")], None),
    (ruby("NoMethodError: undefined method `price' for nil:NilClass"), [("NoMethodError", "undefined method `price' for nil:NilClass")], "get"),
    (RSPEC, [("Faraday::ServerError", "the server responded with status 503"), ("RuntimeError", "the plan could not be priced")], "rescue in block (2 levels) in <top (required)>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "chain", "innermost"), CHAINS)
def test_a_text_is_the_chain_that_it_tells(text, chain, innermost):
    found = judge(elsewhere(text)).chain
    assert [(raised.type, raised.message.partition("\n")[0]) for raised in found] == chain
    assert [raised.link for raised in found] == ["cause"] * (len(chain) - 1) + [""]
    if innermost:
        assert found[-1].frames[-1].function == innermost


def test_the_errors_of_an_aggregate_are_its_leaves():
    judgement = judge(elsewhere(AGGREGATE))
    assert [leaf.message for leaf in judgement.chain[0].leaves] == [
        "connect ECONNREFUSED ::1:3000",
        "connect ECONNREFUSED 127.0.0.1:3000",
    ]
    assert dict(judgement.signature.slots) == {"peer": "localhost:3000", "state": "refused"}


def test_the_statement_of_a_code_frame_is_kept():
    assert judge(elsewhere(JEST.partition("    Cause:")[0])).statement == "const response = await fetch(url);"


def test_frames_of_libraries_and_tests_are_no_place():
    text = "TypeError: x\n    at a (/w/node_modules/axios/lib/core.js:1:2)\n    at pay (/w/src/client.ts:1:2)\n    at Object.<anonymous> (/w/e2e/shop.spec.ts:1:2)"
    said = dict(judge(elsewhere(java("java.lang.NullPointerException"))).signature.slots)
    assert said["at"] == "Client.java:Client.get" or said["at"].startswith("Client")
    assert (
        judge(elsewhere(text)).signature.key
        == judge(elsewhere(text.replace("axios/lib/core", "got/x"))).signature.key
    )


HOSTILE = ["at a (", "    at a (b:1:2)\n", "❯ a:1:2\n", "Expected: x\nReceived: y\n", "waiting for ", "Locator: a\n", "[cause]: ", "Caused by: ", "a.b.C: ", "thread 'a' panicked at ", "--- FAIL: ", "a@b:1:1\n", "FAILED:\n", "Failure\n", "> 1 | a\n", "Stack Trace:\n", "---- A", '<a id="b"> intercepts pointer events ', "expected a to equal ", "expected <a> but was <", "\n> x", "`cy.a()` failed because ", "match failed: E\n", "[errors]: [\n", "Given a....", "a_spec.", "<a> - #1: "]  # fmt: skip


def seconds(text: str) -> float:
    best = 10.0
    for _ in range(3):
        begun = time.process_time()
        judge(elsewhere(text, test=f"{text[:500]}::pays"))
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize(
    "before", ["", "Error: x\n    at a (b:1:2)\n", "expect(locator).toBeVisible() failed\nCall log:\n"]
)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_costs_no_more_than_its_length(piece, before):
    text = piece * (5_000 // len(piece))
    assert seconds(before + text * 2) <= 2.6 * seconds(before + text) + 0.02


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=40).map("".join), st.text(max_size=40)
)
def test_no_text_raises_and_all_give_a_title(text, message):
    first, second = judge(elsewhere(text, message)), judge(elsewhere(text, message))
    assert first.signature == second.signature
    assert first.signature.title
    assert first.signature.key.startswith(first.signature.kind + "-")


@given(
    st.sampled_from([v8, java, dotnet, go, rust, php, ruby]), st.integers(1, 99_999), st.integers(1, 99_999)
)
def test_lines_never_count(shape, one, other):
    said = "Error: quota exceeded"
    assert (
        judge(elsewhere(shape(said, line=one))).signature.key
        == judge(elsewhere(shape(said, line=other))).signature.key
    )


def test_every_language_has_its_own_marks():
    assert set(LANGUAGES) >= {"javascript", "jvm", "dotnet", "go", "rust", "php", "ruby", "cpp", "robot"}
    assert "browser" in EXTRACTORS
    assert all(language("nothing of the kind", "") == () for language in LANGUAGES.values())
