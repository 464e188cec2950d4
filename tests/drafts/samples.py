"""Evidence and answers that tests of several rooms start from: the examples that stand in the prompt."""

import json
from collections.abc import Callable
from typing import Any

from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.model import Catalogue
from triagebot.drafts.prompt import Request, build, nonce_of
from triagebot.drafts.prompts import Example, load

ABSTAINS, SUPPORTED = load().examples


def plain(example: Example = SUPPORTED) -> dict[str, Any]:
    """The example's answer as JSON-like values that a test may spoil."""
    return json.loads(example.answer.model_dump_json())


def spoiled(spoil: Callable[[dict[str, Any]], Any], example: Example = SUPPORTED) -> Answer:
    held = plain(example)
    spoil(held)
    return Answer.model_validate_json(json.dumps(held))


def request(key: str = "http.status-aaaaaaaaaaaa", example: Example = SUPPORTED) -> Request:
    catalogue: Catalogue = example.catalogue
    nonce = nonce_of(catalogue, example.problem)
    return build(catalogue, example.problem, load(), nonce, key=key)
