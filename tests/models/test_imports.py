"""What is loaded when: the SDK only for a call, the prompts from the wheel or from the checkout."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python(code: str, path: Path) -> str:
    env = {"PYTHONPATH": str(path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=path)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_sdk_is_loaded_by_a_call_and_by_nothing_else() -> None:
    code = """
import sys, triagebot.models.claude, triagebot.models.model_drafts, triagebot.drafts.prompt, triagebot.pages
from triagebot.config import Drafts
from triagebot.models.model_drafts import draft_all
from tests.drafts.samples import request
from triagebot.redact import Redactor
draft_all([], Drafts(), env={}, redactor=Redactor(), clock=lambda: 0.0, sleep=print)
result = draft_all([request()], Drafts(), env={}, redactor=Redactor(), clock=lambda: 0.0, sleep=print).results[0]
print(result.outcome, "anthropic" in sys.modules)
"""
    assert python(code, ROOT) == "no_key False"


LOAD = "from triagebot.drafts import prompts; print(prompts.load().digest, prompts.folder())"


@pytest.mark.parametrize("inside", [True, False], ids=["wheel", "checkout"])
def test_the_prompts_are_found_in_a_wheel_and_in_a_checkout(inside: bool, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "triagebot", tmp_path / "triagebot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "prompts", tmp_path / "triagebot" / "prompts" if inside else tmp_path / "prompts")
    digest, folder = python(LOAD, tmp_path).split(" ", 1)
    assert digest == python(LOAD, ROOT).split(" ", 1)[0]
    assert Path(folder).resolve() == (tmp_path / ("triagebot/prompts" if inside else "prompts")).resolve()
