"""Codes of AWS services and endpoints that fail, as botocore tells them (boto3 raises the same)."""

import botocore
import botocore.session
import pytest
from botocore.config import Config

import loopback
from loopback import HOST
from recorder import case

CLIENT = "botocore"
VERSION = botocore.__version__
SOURCE = "recorded; codes and messages of the services worded after AWS's documentation, not sent by AWS"
CODES = [
    (400, "ThrottlingException", "Rate exceeded"),
    (400, "ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded."),
    (400, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: dynamodb:GetItem"),
    (400, "ExpiredTokenException", "The security token included in the request is expired"),
    (400, "UnrecognizedClientException", "The security token included in the request is invalid."),
    (400, "ResourceNotFoundException", "Requested resource not found"),
    (400, "ConditionalCheckFailedException", "The conditional request failed"),
    (500, "InternalServerError", "Internal server error"),
    (503, "ServiceUnavailable", "Service is unavailable"),
]  # fmt: skip


def client(port, service="dynamodb", scheme="http", **options):
    session = botocore.session.Session()
    limits = Config(retries={"total_max_attempts": 1}, connect_timeout=0.5, read_timeout=0.5)
    return session.create_client(
        service, region_name="eu-central-1", endpoint_url=f"{scheme}://{HOST}:{port}", config=limits,
        **{"aws_access_key_id": "key", "aws_secret_access_key": "secret", **options},
    )  # fmt: skip


def get(port, **options):
    client(port, **options).get_item(TableName="orders", Key={"id": {"S": "4711"}})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(each, marks=case("aws.error", code=each[1], operation="GetItem"), id=each[1])
        for each in CODES
    ],
)
def test_code(answer):
    status, code, message = answer
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": message}
    with loopback.web(status=status, bodies={status: body}) as port:
        get(port)


@case("aws.error", code="NoSuchKey", operation="GetObject")
def test_s3_no_such_key():
    body = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a</Key></Error>"
    with loopback.web(status=404, bodies={404: body}) as port:
        client(port, service="s3").get_object(Bucket="invoices", Key="a")


@case("aws.error", code="404", operation="HeadObject")
def test_s3_head_without_a_body():
    with loopback.web(status=404, bodies={404: b""}) as port:
        client(port, service="s3").head_object(Bucket="invoices", Key="a")


@case("connection", state="refused")
def test_connection_refused():
    get(loopback.closed_port())


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        get(port)


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        get(port)


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        get(port)


@case("timeout", what="HTTP read")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        get(port)


@case("tls", reason="self-signed certificate")
def test_certificate():
    with loopback.web(certificate="self-signed") as port:
        get(port, scheme="https")


@case("dns", reason="unknown")
def test_dns():
    session = botocore.session.Session()
    session.set_credentials("key", "secret")
    limits = Config(retries={"total_max_attempts": 1})
    session.create_client(
        "dynamodb", region_name="eu-central-1", endpoint_url="http://nonexistent.invalid", config=limits
    ).list_tables()


@case("")
def test_no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with loopback.web() as port:
        get(port, aws_access_key_id=None, aws_secret_access_key=None)


@case("")
def test_no_region():
    botocore.session.Session().create_client("dynamodb")


@case("")
def test_parameter_missing():
    client(loopback.closed_port()).get_item(TableName="orders")
