"""What customers are billed for the runs that they had on staging."""

import sqlite3

import pytest
from harness.client import User
from staging.billing import as_text, bill


@pytest.fixture
def customer(request: pytest.FixtureRequest) -> User:
    """A customer of whom no other test knows."""
    return User.sign_in(request.node.name)


@pytest.fixture
def regular(customer: User) -> str:
    """The name of a customer with just as many runs as the volume discount takes."""
    for _ in range(3):
        customer.run()
    return customer.name


@pytest.fixture
def new(customer: User) -> str:
    """The name of a customer with one run."""
    customer.run()
    return customer.name


class TestBills:
    def test_one_run_costs_its_price(self, new: str, database: sqlite3.Connection) -> None:
        assert bill(database, new).total == 0.5

    def test_who_had_no_run_owes_nothing(self, database: sqlite3.Connection) -> None:
        assert bill(database, "nobody").total == 0

    def test_more_than_enough_runs_are_reduced(self, customer: User, database: sqlite3.Connection) -> None:
        for _ in range(4):
            customer.run()
        assert bill(database, customer.name).total == 1.6


class TestVolumeDiscount:
    def test_three_runs_are_reduced(self, regular: str, database: sqlite3.Connection) -> None:
        assert bill(database, regular).total == 1.2

    def test_discount_has_a_line(self, regular: str, database: sqlite3.Connection) -> None:
        assert [line.text for line in bill(database, regular).lines] == ["3 runs", "volume discount"]

    def test_customer_reads_the_discount(self, regular: str, database: sqlite3.Connection) -> None:
        assert "volume discount" in as_text(bill(database, regular))

    def test_discount_is_a_fifth(self, regular: str, database: sqlite3.Connection) -> None:
        price, discount = bill(database, regular).lines
        assert discount.amount == -price.amount / 5


class TestCurrencies:
    def test_euros_are_fewer_than_dollars(self, new: str, database: sqlite3.Connection) -> None:
        assert bill(database, new, "EUR").total < bill(database, new, "USD").total

    def test_one_run_in_euros(self, new: str, database: sqlite3.Connection) -> None:
        assert bill(database, new, "EUR").total == 0.46

    def test_customer_reads_euros(self, new: str, database: sqlite3.Connection) -> None:
        assert as_text(bill(database, new, "EUR")).endswith("0.46 EUR")
