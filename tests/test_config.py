"""The config file: what it says, and in which words it is refused."""

import pytest

from triagebot.config import Config, Drafts, Risk, ScopeRule, Suite, load
from triagebot.errors import UserError


def test_an_empty_file_is_a_good_one():
    assert load("", "t") == Config()


EVERYTHING = """
authors = ["a-bot"]
in_app = ["src/*"]
[hosts]
"10.0.0.*" = "the database"
[labels]
muted = "quiet"
[limits]
max_new_issues = 0
breaker = 1
[storms]
new_keys = 2
share = 0
victim_runs = 2
[drafts]
max_usd = 0
parallel = 16
[[scopes]]
branch = "main"
[[suites]]
match = "tests/*"
priority = "P1"
impact = "the shop is down"
[[aliases]]
key = "k"
issue = 1
[[rules]]
when = "cart"
ignore = true
"""


def test_every_table_is_read():
    config = load(EVERYTHING, "t")
    assert (config.authors, config.in_app, config.hosts) == (
        ("a-bot",),
        ("src/*",),
        {"10.0.0.*": "the database"},
    )
    assert (config.labels.muted, config.labels.flaky) == ("quiet", "flaky")
    assert (config.limits.max_new_issues, config.limits.breaker) == (0, 1)
    assert (config.storms.new_keys, config.storms.share, config.storms.victim_runs) == (2, 0, 2)
    assert (config.drafts.max_usd, config.drafts.parallel, config.drafts.model) == (0, 16, Drafts().model)
    assert config.scopes == (ScopeRule(branch="main"),)
    assert config.suites[0].impact == Risk(text="the shop is down")
    assert config.rules[0].when.text == "cart"


REFUSED = [
    # text, words of the refusal
    ("authors = [", ["t: not TOML", "Mend that place"]),
    ("storm = 1", ["t: unknown key storm; did you mean storms?"]),
    ("zzzzzz = 1", ["unknown key zzzzzz; known keys: aliases, authors,"]),
    ("[limits]\nbraeker = 1", ["unknown key limits.braeker; did you mean breaker?"]),
    ('[suites]\nmatch = "x"', ["suites: one table stands where a list of them is read; write [[suites]]"]),
    ('[[suites]]\nmatch = "*"\nprioritty = "P1"', ["unknown key suites[1].prioritty; did you mean priority?"]),
    (
        '[[suites]]\nmatch = "*"\n[[suites]]\nmatch = "a"\nimpact = {text = "x", ammount = 1}',
        ["unknown key suites[2].impact.ammount; did you mean amount?"],
    ),
    ('[[rules]]\nwhen = {tipe = "x"}\nkey = "k"', ["unknown key rules[1].when.tipe; did you mean type?"]),
    ('[[suites]]\nmatch = "*"\npriority = "P9"', ["suites[1].priority: input should be 'P1'", "(found 'P9')"]),
    ("[[suites]]\n", ["suites[1].match: field required"]),
    ("[limits]\nmax_new_issues = -1", ["limits.max_new_issues:", "(found -1)"]),
    ("[limits]\nbreaker = 0", ["limits.breaker:", "(found 0)"]),
    ('[[aliases]]\nkey = "k"\nissue = 0', ["aliases[1].issue:", "(found 0)"]),
    ("[storms]\nnew_keys = 1", ["storms.new_keys:"]),
    ("[storms]\nshare = 1.5", ["storms.share:"]),
    ("[storms]\nvictim_runs = 1", ["storms.victim_runs:"]),
    ('[drafts]\nmodel = ""', ["drafts.model:"]),
    ("[drafts]\nparallel = 17", ["drafts.parallel:"]),
    ("[drafts]\nparallel = 0", ["drafts.parallel:"]),
    ("[drafts]\ndeadline_s = 0", ["drafts.deadline_s:"]),
    ("[drafts]\ncall_timeout_s = 0", ["drafts.call_timeout_s:"]),
    ("[drafts]\nmax_usd = -1", ["drafts.max_usd:"]),
    ('[drafts]\nprovider = "nobody"', ["drafts.provider:"]),
    ('[[suites]]\nmatch = "*"\nimpact = {text = "x", amount = -1}', ["suites[1].impact.amount:"]),
    ('[[rules]]\nwhen = {}\nkey = "k"', ["rules[1].when:", "would match everything"]),
    ('[[rules]]\nwhen = ""\nkey = "k"', ["rules[1].when:", "would match everything"]),
    ('[[rules]]\nwhen = "/(/"\nkey = "k"', ["rules[1].when:", "/(/ is not a regular expression"]),
    ('[[rules]]\nwhen = {type = "/(/"}\nkey = "k"', ["is not a regular expression"]),
    ('[[rules]]\nwhen = {message = "/(/"}\nkey = "k"', ["is not a regular expression"]),
    ('[[rules]]\nwhen = "x"', ["rules[1]:", "exactly one of key, ignore and split"]),
    ('[[rules]]\nwhen = "x"\nkey = "k"\nignore = true', ["exactly one of key, ignore and split"]),
    ('[[rules]]\nwhen = "x"\nkey = "k"\nsplit = ["test"]', ["exactly one of key, ignore and split"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_not_understood_is_refused_with_file_place_and_next_step(text, words):
    with pytest.raises(UserError) as caught:
        load(text, "t")
    assert str(caught.value).startswith("t: ")
    for word in words:
        assert word in str(caught.value)


def test_every_mistake_is_told_in_a_line_of_its_own():
    with pytest.raises(UserError) as caught:
        load("storm = 1\n[limits]\nbreaker = 0", "t")
    assert [line[:2] for line in str(caught.value).splitlines()] == ["t:", "t:"]


@pytest.mark.parametrize(
    "when",
    ["'('", "'/('", "'(/'", "'//'", "'/'", "'/a+/'", "{kind = 'env'}", "{test = '*::a'}", "{type = 'E'}", "{message = 'm'}"],
)  # fmt: skip
def test_a_condition_is_a_text_or_a_regular_expression_between_slashes(when):
    assert load(f"[[rules]]\nwhen = {when}\nkey = 'k'", "t").rules


@pytest.mark.parametrize(
    ("match", "test", "held"),
    [
        ("tests/*", "tests/e2e/test_a.py::TestX::test_b", True),
        ("tests/e2e/test_a.py", "tests/e2e/test_a.py::test_b", True),
        ("tests/e2e/test_a.py::TestX", "tests/e2e/test_a.py::TestX::test_b", True),
        ("tests/e2e/test_a.py::test_b", "tests/e2e/test_a.py::test_b", True),
        ("tests/e2e", "tests/e2e/test_a.py::test_b", False),
        ("Tests/*", "tests/e2e/test_a.py::test_b", False),
        ("tests/e2e/test_a", "tests/e2e/test_a.py::test_b", False),
    ],
)
def test_a_suite_holds_what_its_pattern_names_and_all_below_it(match, test, held):
    assert Suite(match=match).holds(test) is held


@pytest.mark.parametrize(
    ("rule", "branch", "environment", "held"),
    [
        ({}, None, None, True),
        ({}, "main", "staging", True),
        ({"branch": "main"}, "main", None, True),
        ({"branch": "main"}, "feature", "staging", False),
        ({"branch": "main"}, None, "staging", False),
        ({"branch": "release/*", "environment": "staging"}, "release/7", "staging", True),
        ({"branch": "release/*", "environment": "staging"}, "release/7", "production", False),
        ({"environment": "staging"}, "main", None, False),
    ],
)
def test_a_scope_holds_runs_whose_branch_and_environment_both_match(rule, branch, environment, held):
    assert ScopeRule(**rule).holds(branch, environment) is held


BOUNDS = [
    # table, key, default, smallest and greatest value that is taken, step beyond
    ("limits", "max_new_issues", None, 0, None, 1),
    ("limits", "breaker", 50, 1, None, 1),
    ("limits", "read_mb", 512, 1, None, 1),
    ("limits", "unpacked_mb", 80, 1, None, 1),
    ("limits", "ratio", 70, 1, None, 1),
    ("limits", "files", 10_000, 1, None, 1),
    ("limits", "cases", 50_000, 1, None, 1),
    ("limits", "depth", 100, 4, None, 1),
    ("limits", "name_chars", 4_000, 200, None, 1),
    ("limits", "seconds", 300, 0.01, None, 0.01),
    ("storms", "new_keys", 10, 2, None, 1),
    ("storms", "share", 0.3, 0, 1, 0.01),
    ("storms", "victim_runs", 5, 2, None, 1),
    ("drafts", "max_groups", 5, 0, None, 1),
    ("drafts", "max_evidence_tokens", 12_000, 500, 150_000, 1),
    ("drafts", "max_output_tokens", 12_000, 500, 21_000, 1),
    ("drafts", "max_usd", 2.0, 0, None, 0.01),
    ("drafts", "deadline_s", 300, 0.01, None, 0.01),
    ("drafts", "call_timeout_s", 120, 0.01, None, 0.01),
    ("drafts", "parallel", 4, 1, 16, 1),
    ("drafts", "price_input", None, 0, None, 0.01),
    ("drafts", "price_output", None, 0, None, 0.01),
]


@pytest.mark.parametrize(("table", "key", "default", "low", "high", "step"), BOUNDS)
def test_a_number_has_its_default_and_its_bounds(table, key, default, low, high, step):
    assert getattr(getattr(Config(), table), key) == default
    for value in (low, high):
        if value is not None:
            assert getattr(getattr(load(f"[{table}]\n{key} = {value}", "t"), table), key) == value
    for value in (low - step, None if high is None else high + step):
        if value is not None:
            with pytest.raises(UserError, match=f"{table}.{key}"):
                load(f"[{table}]\n{key} = {value}", "t")


def test_what_no_file_says_is_empty():
    config = load('[[suites]]\nmatch = "*"\nimpact = "x"', "t")
    suite = config.suites[0]
    assert (suite.name, suite.phase, suite.area, suite.owner, suite.priority) == ("", "", "", "", "P3")
    assert suite.impact == Risk(text="x", amount=None, unit="", stream="")
    drafts = config.drafts
    assert (drafts.provider, drafts.effort, drafts.region, drafts.project) == ("anthropic", "medium", "", "")
