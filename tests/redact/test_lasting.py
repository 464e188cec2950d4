"""Names without secrets: the same in every run, whatever was redacted before, and different for different secrets."""

from hypothesis import given
from hypothesis import strategies as st

from triagebot.plain_text import normalized
from triagebot.redact import Redactor

ONE = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
TWO = "ghp_" + "Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2"


def test_the_number_does_not_depend_on_what_was_met_before() -> None:
    fresh, busy = Redactor(), Redactor()
    busy.text(f"{TWO} and then {ONE}")
    name = fresh.lasting(f"test_login[{ONE}]")
    assert name == busy.lasting(f"test_login[{ONE}]")
    assert ONE not in name
    assert name != fresh.lasting(f"test_login[{TWO}]")


def test_a_lasting_name_is_a_placeholder_that_stays() -> None:
    redactor = Redactor()
    name = redactor.lasting(f"run {ONE}")
    assert redactor.text(name) == name == redactor.lasting(name) == Redactor().lasting(name)


def test_an_address_in_the_name_of_a_test_stays() -> None:
    assert Redactor().lasting("test_mail[ada@shop.com]") == "test_mail[ada@shop.com]"
    assert ONE not in Redactor().lasting(f"test_mail[ada@shop.com-{ONE}]")


@given(st.text(max_size=60))
def test_what_holds_no_secret_is_left_as_one_sees_it(text: str) -> None:
    redactor = Redactor()
    if not redactor.clean(text).receipts:
        assert redactor.lasting(text) == normalized(text)
