"""Brokers that are not there, as kafka-python tells it, and the errors that brokers answer, from its own table."""

import kafka
import kafka.errors
import pytest

import loopback
from loopback import HOST
from recorder import case

CLIENT = "kafka-python"
VERSION = kafka.__version__
SOURCE = "recorded; test_error_class raises the classes of kafka/errors.py without a broker"


@case("connection", state="refused")
def test_no_brokers():
    kafka.KafkaProducer(bootstrap_servers=f"{HOST}:{loopback.closed_port()}")


@case("connection", state="refused")
def test_consumer_without_brokers():
    kafka.KafkaConsumer("orders", bootstrap_servers=f"{HOST}:{loopback.closed_port()}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("UnknownTopicOrPartitionError", marks=case("database", error="undefined_topic")),
        pytest.param("NotLeaderForPartitionError", marks=case("")),
        pytest.param("TopicAuthorizationFailedError", marks=case("")),
        pytest.param("KafkaTimeoutError", marks=case("timeout")),
        pytest.param("RequestTimedOutError", marks=case("timeout")),
    ],
)
def test_error_class(name):
    raise getattr(kafka.errors, name)("orders")
