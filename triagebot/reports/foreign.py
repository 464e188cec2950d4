"""Files of known tools that are no reports of tests: what stands beside reports and is taken for one.

In: the start of a text. Out: what it is. Nothing of it is read.
"""

import re

_KNOWN = tuple(
    (name, re.compile(pattern))
    for name, pattern in (  # each by what only that tool writes at the start of a file
        ("Playwright's .last-run.json", r'\{\s{0,9}"status":[^{]{1,40}"failedTests"\s{0,9}:'),
        ("a coverage report of coverage.py", r'\{[^[]{0,4000}"(?:percent_covered|branch_coverage)"\s{0,9}:'),
        ("a coverage report of Istanbul", r'\{[^[]{0,4000}"(?:statementMap|fnMap)"\s{0,9}:|\{\s{0,9}"total"\s{0,9}:\s{0,9}\{\s{0,9}"lines"'),
        ("a coverage report (Cobertura, Clover)", r"(?:<\?xml[^>]{0,200}>\s{0,9})?(?:<!DOCTYPE coverage[^>]{0,300}>\s{0,9})?(?:<!--[^>]{0,300}-->\s{0,9}){0,5}<coverage[\s>]"),
        ("a coverage report of JaCoCo", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<!DOCTYPE report[^>]{0,80}JACOCO"),
        ("a coverage report (lcov)", r"(?:TN:[^\n]{0,300}\n)?SF:[^\n]{1,1000}\n"),
        ("a coverage profile of Go", r"mode: (?:set|count|atomic)\n"),
        ("findings of a linter (SARIF)", r"\{[^[]{0,2000}sarif"),
        ("findings of ESLint", r'\[\s{0,20}\{\s{0,20}"filePath"\s{0,9}:[^\n]{1,2000}?\s{0,20}"messages"\s{0,9}:'),
        ("findings of Ruff", r'\[\s{0,20}\{\s{0,20}"cell"\s{0,9}:'),
        ("findings of a linter (Checkstyle)", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<checkstyle[\s>]"),
        ("findings of PMD", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<pmd[\s>]"),
        ("findings of SpotBugs", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<BugCollection[\s>]"),
        ("a report of Lighthouse", r'\{[^[]{0,2000}"lighthouseVersion"\s{0,9}:'),
        ("a report of npm audit", r'\{\s{0,20}"auditReportVersion"\s{0,9}:'),
        ("an HTTP archive (HAR)", r'\{\s{0,20}"log"\s{0,9}:\s{0,9}\{\s{0,20}"(?:version|creator)"\s{0,9}:'),
        ("a package.json", r'\{\s{0,20}"name"\s{0,9}:[^{]{1,400}"(?:version|scripts|private|dependencies)"\s{0,9}:'),
    )
)  # fmt: skip


def foreign(start: str) -> str:
    """The tool whose file a text is by its start, in words; "" for none that is known."""
    head = start[:8192]
    return next((name for name, known in _KNOWN if known.match(head)), "")
