"""Run by the Python of an environment that holds only the built wheel: it must do the main job away from the checkout."""

import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import triagebot

reports = Path(sys.argv[1])
place = Path(triagebot.__file__).resolve()
if "site-packages" not in place.parts:
    sys.exit(f"this tests the checkout, not the wheel: {place}")
if not files("triagebot").joinpath("prompts/manifest.toml").is_file():
    sys.exit("the wheel carries no prompts")
if not files("triagebot").joinpath("py.typed").is_file():
    sys.exit("the wheel carries no py.typed")
command = [str(Path(sys.executable).with_name("triagebot")), "triage", str(reports / "day-2-red")]
with tempfile.TemporaryDirectory() as folder:
    first = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    again = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
if "#1" not in first or "nothing" not in again.lower():
    sys.exit(f"the wheel triages differently:\n{first}\n{again}")
print(f"wheel {triagebot.__version__} triages, with prompts and types")
