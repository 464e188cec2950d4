"""Print both tables: how well failures are grouped beside rivals, and what grouping costs.

python -m benchmarks            the corpus is made first where it is missing (some minutes)
"""

import subprocess
import sys

for room in ("benchmarks.grouping", "benchmarks.speed"):
    subprocess.run([sys.executable, "-m", room, *sys.argv[1:]], check=True)
