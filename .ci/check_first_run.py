"""Fail unless the README's first command showed what the README says: one row per fault of that day, 1011 first."""

import json
import sys
from pathlib import Path

shown = Path(sys.argv[1]).read_text(encoding="utf-8")
truth = json.loads(Path("examples/staging/reports/day-2-red/truth.json").read_text(encoding="utf-8"))
rows = [line for line in shown.splitlines() if "#" in line and ("P1" in line or "P2" in line or "P3" in line)]
wanted = len(truth["faults"])
if len(rows) != wanted:
    sys.exit(f"{len(rows)} rows for {wanted} faults:\n{shown}")
if not all(word in rows[0] for word in ("#1", "P1", "1011")):
    sys.exit(f"the WebSocket 1011 is not the first row:\n{shown}")
for word in ("side=received", "test_1_websocket_events_staging.py", "chat golden path"):
    if word not in shown:
        sys.exit(f"{word} is not shown:\n{shown}")
block = Path("README.md").read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
if missing := [line for line in block.splitlines() if line not in shown.splitlines()]:
    sys.exit(f"README shows lines that were not printed: {missing}\n{shown}")
print(f"one row for each of {wanted} faults, the WebSocket 1011 first")
