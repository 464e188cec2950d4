"""What a redactor finds and what it leaves alone, over tables: shapes of secrets, innocent texts, values met before."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.redact import shapes
from tests.redact.innocent import INNOCENT
from tests.redact.shapes import ALNUM, HEX, LOWER, SHAPES, Shape, made, uuid
from triagebot.redact import Redactor, redactor, vendors

if vendors._scanner() is None:  # where it has no wheels, only what our own rules know can be asked for
    SHAPES = [shape for shape in SHAPES if not shape.name.startswith("vendor")]
_IDS = [shape.name for shape in SHAPES]


def _left(secret: str, text: str) -> list[str]:
    """The parts of eight characters of the secret that stand in the text."""
    size = min(8, len(secret))
    return [secret[n : n + size] for n in range(len(secret) - size + 1) if secret[n : n + size] in text]


@pytest.mark.parametrize("shape", SHAPES, ids=_IDS)
def test_no_part_of_a_secret_is_left(shape: Shape) -> None:
    assert shape.secret in shape.text, "the row itself is wrong"
    redactor = Redactor()
    once = redactor.text(shape.text)
    assert not _left(shape.secret, once), once
    assert redactor.text(once) == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("E       ", ""),
        ("\x1b[31mE   ", "\x1b[0m"),
        ("line\n\n", "\n\nline"),
        ("ünï ", "\nñ"),
        (">       ", "\n"),
        ("2026-01-01T00:00:00Z INFO ", ""),
    ],
)
def test_a_secret_leaves_whatever_stands_around_it(before: str, after: str) -> None:
    lost = [
        shape.name for shape in SHAPES if _left(shape.secret, Redactor().text(f"{before}{shape.text}{after}"))
    ]
    assert lost == []


def test_the_tables_are_as_large_as_promised() -> None:
    assert len({shape.text for shape in shapes.SHAPES}) >= 480
    assert len(set(INNOCENT)) >= 350


def test_at_most_one_innocent_text_in_a_hundred_is_altered() -> None:
    altered = [text for text in INNOCENT if Redactor().text(text) != text]
    assert len(altered) <= len(INNOCENT) // 100, altered


def test_innocent_texts_stay_after_all_secrets_were_met() -> None:
    redactor = Redactor()
    for shape in SHAPES:
        redactor.text(shape.text)
    altered = [text for text in INNOCENT if redactor.text(text) != text]
    assert len(altered) <= len(INNOCENT) // 100, altered


# --- values that were met by their context ----------------------------------------------------------------------------
_MET = made(32, LOWER, "met")


@pytest.mark.parametrize(
    "form",
    [
        _MET,
        _MET.encode().hex(),
        _MET.encode().hex().upper(),
        base64.b64encode(_MET.encode()).decode(),
        base64.urlsafe_b64encode(_MET.encode()).decode().rstrip("="),
        quote(_MET),
        html.escape(_MET),
        json.dumps(_MET),
    ],
)
def test_a_value_that_was_met_beside_its_name_is_hidden_where_it_stands_alone(form: str) -> None:
    redactor = Redactor()
    assert redactor.text(f"api_key={_MET}") == "api_key=[REDACTED:secret#1]"
    later = redactor.text(f"GET /v1/{form}/x?y={form}")
    assert form.strip('"') not in later
    assert later.count("[REDACTED:secret#1]") == 2
    assert redactor.text(later) == later


def test_a_value_is_hidden_before_its_name_in_the_same_text() -> None:
    assert Redactor().text(f"{_MET} rejected\nused api_key={_MET}").count("#1]") == 2


@pytest.mark.parametrize(
    "value",
    [
        made(40, HEX, "sha"),  # may be a commit
        uuid("met"),  # may be a request
        "test_login_of_user_1",  # may be a test
        "release-2026-11-27-eu",  # may be a place
        "short7key1",
    ],
)
def test_a_value_that_may_be_something_else_elsewhere_stays_there(value: str) -> None:
    redactor = Redactor()
    assert value not in redactor.text(f"api_key='{value}'")
    assert redactor.text(f"see {value} there") == f"see {value} there"


def test_lasting_names_do_not_depend_on_what_was_met() -> None:
    fresh, busy = Redactor(), Redactor()
    busy.text(f"api_key={_MET}")
    assert busy.lasting(f"test_x[{_MET}]") == fresh.lasting(f"test_x[{_MET}]")


def test_a_value_of_the_environment_leaves_in_hex() -> None:
    value = "correct-horse/battery"
    sut = redactor({"API_TOKEN": value})
    for form in (value.encode().hex(), value.encode().hex().upper()):
        assert sut.text(f"dump {form}.") == "dump [REDACTED:env.API_TOKEN#1]."


# --- properties -------------------------------------------------------------------------------------------------------
_PIECES = st.sampled_from([shape.text for shape in SHAPES] + INNOCENT) | st.text(max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=5), st.sampled_from(["", " ", "\n", ", "]))
def test_cleaning_what_was_cleaned_changes_nothing(pieces: list[str], between: str) -> None:
    redactor = Redactor()
    once = redactor.text(between.join(pieces))
    assert redactor.text(once) == once


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SHAPES), st.sampled_from(["jwt", "env.API_TOKEN", "secret"]))
def test_a_placeholder_beside_a_secret_is_a_wall(shape: Shape, kind: str) -> None:
    wall = f"[REDACTED:{kind}#1]"
    assert Redactor().text(f"{wall} {shape.text}\n{wall}").count(wall) >= 2


@settings(max_examples=100, deadline=None)
@given(
    st.text(ALNUM + "!%+-_.", min_size=6, max_size=24).filter(
        lambda value: any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and value[0].isalnum()
    ),
    st.sampled_from(
        [
            "['mysql', '-p{}']", "auth=('ci', '{}')", "ALTER ROLE app PASSWORD '{}'", "INSERT INTO u (password) VALUES ('{}')",
            '<property name="DB_PASSWORD" value="{}"/>', "['psql', '--password', '{}']", "passwd     = '{}'",
            "password\n  too short [type=string_too_short, input_value='{}', input_type=str]",
        ]
    ),
)  # fmt: skip
def test_passwords_leave_these_shapes_whatever_they_are(value: str, shape: str) -> None:
    assert f"{value}'" not in Redactor().text(shape.format(value)).replace('"', "'")
