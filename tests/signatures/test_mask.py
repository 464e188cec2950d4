"""The masks as a table: hits, near misses, relations, and what is known to be wrong."""

import pytest

from triagebot.signatures.mask import MASKED_CHARS, mask, masked_path

HITS = [
    ("see https://a.example/x?y=1 now", "see <url> now"),
    ("mail a.b+c@shop.example now", "mail <email> now"),
    ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s3cr3t", "token <jwt>"),
    ("trace 4bf92f3577b34da6a3ce929d0e0e4736", "trace <trace>"),
    ("trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "trace <trace>"),
    ("id 0b9a7f5e-1111-4222-8333-944445555666", "id <uuid>"),
    ("at 2026-11-22T09:08:55.123Z", "at <time>"),
    ("at 2026-11-22 09:08:55,123", "at <time>"),
    ("at 2026-11-22", "at <time>"),
    ("at 22/11/2026 09:08:55", "at <time>"),
    ("at Sun, 22 Nov 2026 09:08:55 GMT", "at <time>"),
    ("at Nov 22 09:08:55", "at <time>"),
    ("at 09:08:55", "at <time>"),
    ("at 1763802535", "at <epoch>"),
    ("at 1763802535123", "at <epoch>"),
    ("object at 0x7f3f2a039d50", "object at <address>"),
    ("on 10.0.3.4:51234", "on <ip>"),
    ("on 192.168.0.0/16", "on <ip>"),
    ("on 2001:db8::1", "on <ip>"),
    ("on localhost:51234", "on <port>"),
    ("in /home/a/work/plans.json", "in <path>/plans.json"),
    ("in C:\\Users\\a\\plans.json", "in <path>/plans.json"),
    ("in src/app/plans.py", "in <path>/plans.py"),
    ("in /tmp/pytest-of-root/pytest-12/out7.txt", "in <path>/out<n>.txt"),
    ("took 3.5s", "took <duration>"),
    ("took 120 ms", "took <duration>"),
    ("read 4.2 MB", "read <size>"),
    ("ratio 0.731", "ratio <float>"),
    ("1e-9 off", "<float> off"),
    ("build 9f8e7d6c5b", "build <hash>"),
    ("pod api-7d9f8b6c5d-x2x1z", "pod api-<pod>"),
    ("saw 12 rows", "saw <int> rows"),
    ("tenant_4711 gone", "tenant_<int> gone"),
    ("job48213 gone", "job<int> gone"),
    ("status 123456", "status <int>"),
    ("retry 3 of 3", "retry <int> of <int>"),
    ("got 3 of 5", "got <int> of <int>"),
    ("tenant 06121659 gone", "tenant <hash> gone"),
]  # fmt: skip

NEAR_MISSES = [
    "nothing to hide here",
    "HTTP 503 came",
    "status 404",
    "exit code 137",
    "exited with 139",
    "close code 1011",
    "errno 111",
    "received 1011",
    "ORA-00942 and TS-2322",
    "failed with code 17",
    "utf8 and sha256 and base64",
    "x86 or p99",
    "a.b is not c",
    "deadbeef",
    "and/or",
]

KNOWN_WRONG = [
    # line, what it becomes, what a person would keep
    ("version 3.12 is too old", "version <float> is too old", "version 3.12 is too old"),
    ("port 8000 is taken by 12", "port 8000 is taken by <int>", "port 8000 is taken by <int>"),
]


@pytest.mark.parametrize(("line", "masked"), HITS)
def test_what_changes_from_run_to_run_is_masked(line, masked):
    assert mask(line) == masked


@pytest.mark.parametrize(("line", "masked"), HITS)
def test_a_mask_holds_between_other_words(line, masked):
    assert mask(f"so ({line}) then") == f"so ({masked}) then"


@pytest.mark.parametrize(("line", "masked"), HITS)
def test_masking_twice_changes_nothing_more(line, masked):
    assert mask(masked) == masked


@pytest.mark.parametrize("line", NEAR_MISSES)
def test_a_near_miss_stays_as_it_is(line):
    assert mask(line) == line


@pytest.mark.parametrize(("line", "actual", "_desired"), KNOWN_WRONG)
def test_what_is_known_to_be_wrong_is_still_so(line, actual, _desired):
    assert mask(line) == actual


def test_equal_values_share_an_index_so_that_relations_survive():
    assert mask("5 == 5") == "<int> == <int>"
    assert mask("5 == 6") == "<int> == <int2>"


def test_the_log_names_every_mask_in_order():
    log: list[tuple[str, str]] = []
    mask("12 of /tmp/a at 0xff", log)
    assert log == [("int", "12"), ("path", "/tmp/a"), ("address", "0xff")]


def test_only_the_beginning_of_a_line_takes_part():
    assert mask("a" * (MASKED_CHARS + 5)) == "a" * MASKED_CHARS


@pytest.mark.parametrize(
    ("path", "name"), [("/a/b/c.json", "c.json"), ("C:\\a\\c12.json", "c12.json"), ("/", "/")]
)
def test_of_a_path_its_last_component_is_kept(path, name):
    assert masked_path(path) == name
