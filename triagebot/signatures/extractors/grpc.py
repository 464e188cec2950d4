"""The status of a gRPC call (codes: grpc.io, "Status codes and their use in gRPC")."""

import re

from triagebot.signatures.subject import Finding, Subject, finding

_CODES = (
    "CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|"
    "RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|"
    "UNAUTHENTICATED"
)
_CODE = re.compile(rf"(?:StatusCode\.|grpc[^\n]{{0,24}}?\b|rpc error: code = )({_CODES})\b")
"""A status of gRPC, in the words of Python's and Go's libraries.

Hit: `status = StatusCode.UNAVAILABLE`
Hit: `rpc error: code = UNAVAILABLE`
Miss: `UNAVAILABLE`
"""
_GO = re.compile(r"rpc error: code = ([A-Z][A-Za-z]{2,20})\b")
"""A status as Go spells it. Hit: `rpc error: code = DeadlineExceeded desc = late`. Miss: `rpc error: late`."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a word ends in camel case. Hit: `DeadlineExceeded`. Miss: `Deadline`."""


def grpc(subject: Subject) -> Finding | None:
    """`grpc` with the status code."""
    low = subject.lowered
    if "statuscode." not in low and "grpc" not in low and "rpc error" not in low:
        return None
    found = _CODE.search(subject.text) or _GO.search(subject.text)
    if not found:
        return None
    code = _HUMP.sub("_", found[1]).upper()
    return finding("grpc", f"gRPC call failed with {code}", found[0], code=code)
