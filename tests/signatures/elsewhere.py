"""Failures of other languages' runners, as their reports carry them: what the tables of this room share."""

from triagebot.reports.model import Failure


def elsewhere(text: str, message: str = "", *, test: str = "shop.spec.ts::pays") -> Failure:
    """A failure of a test that is not pytest's."""
    return Failure(test, test.replace("::", ".").replace("/", "."), "call", message, text)


def v8(said: str, *, line: int = 12, path: str = "/home/runner/work/app/app/tests/shop.spec.ts") -> str:
    """An error with the stack that Node prints below it."""
    return f"{said}\n    at pay ({path}:{line}:9)\n    at processTicksAndRejections (node:internal/process/task_queues:95:5)"


def java(said: str, *, line: int = 12) -> str:
    return f"{said}\n\tat com.example.shop.Client.get(Client.java:{line})\n\tat com.example.shop.ShopTest.pays(ShopTest.java:{line + 1})\n\tat java.base/java.lang.Thread.run(Thread.java:840)"


def dotnet(said: str, *, line: int = 12) -> str:
    return f"{said}\n   at Shop.Client.Get(String path) in /src/Shop/Client.cs:line {line}\n   at Shop.Tests.ShopTests.Pays() in /src/Shop.Tests/ShopTests.cs:line {line + 7}"


def go(said: str, *, line: int = 12) -> str:
    return f"=== RUN   TestPays\n    shop_test.go:{line}: {said}\n--- FAIL: TestPays (0.00s)\n"


def rust(said: str, *, line: int = 12) -> str:
    return f"thread 'pays' panicked at tests/shop.rs:{line}:5:\n{said}\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"


def php(said: str, *, line: int = 12) -> str:
    return f"ShopTest::testPays\n{said}\n\n/usr/share/php/GuzzleHttp/Middleware.php:69\n/home/runner/work/app/app/tests/ShopTest.php:{line}"


def ruby(said: str, *, line: int = 12) -> str:
    return f"{said}\n    from /home/runner/work/app/app/lib/client.rb:{line}:in `get'\n    from /home/runner/work/app/app/spec/shop_spec.rb:4:in `block (2 levels) in <top (required)>'"
