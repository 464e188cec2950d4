"""Print the fenced block that follows `<!-- ci: NAME -->` in a Markdown file; fail if it is not there."""

import re
import sys
from pathlib import Path

path, name = sys.argv[1:]
found = re.search(
    rf"<!-- ci: {re.escape(name)} -->\n```[a-z]*\n(.*?)```", Path(path).read_text(encoding="utf-8"), re.DOTALL
)
if not found:
    sys.exit(f"{path}: no fenced block after <!-- ci: {name} -->")
print(found[1])
