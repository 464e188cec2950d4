"""Files of known tools that are no reports of tests: what stands beside reports and is taken for one.

In: the start of a text. Out: what it is. Nothing of it is read.
"""

import re

_KNOWN = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        # Hit: `{"status": "failed", "failedTests": ["5"]}`
        ("Playwright's .last-run.json", r'\{\s{0,9}"status":[^{]{1,40}"failedTests"\s{0,9}:'),
        # Hit: `{"meta": {"branch_coverage": true}}`
        ("a coverage report of coverage.py", r'\{[^[]{0,4000}"(?:percent_covered|branch_coverage)"\s{0,9}:'),
        # Hit: `{"/srv/app/pay.js": {"statementMap": {}}}`
        # Hit: `{"total": {"lines": {"total": 5}}}`
        ("a coverage report of Istanbul", r'\{[^[]{0,4000}"(?:statementMap|fnMap)"\s{0,9}:|\{\s{0,9}"total"\s{0,9}:\s{0,9}\{\s{0,9}"lines"'),
        # Hit: `<?xml version="1.0" ?><coverage version="7.6.1">`
        ("a coverage report (Cobertura, Clover)", r"(?:<\?xml[^>]{0,200}>\s{0,9})?(?:<!DOCTYPE coverage[^>]{0,300}>\s{0,9})?(?:<!--[^>]{0,300}-->\s{0,9}){0,5}<coverage[\s>]"),
        # Hit: `<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">`
        ("a coverage report of JaCoCo", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<!DOCTYPE report[^>]{0,80}JACOCO"),
        # Hit: `TN:\nSF:src/pay.js\n`
        ("a coverage report (lcov)", r"(?:TN:[^\n]{0,300}\n)?SF:[^\n]{1,1000}\n"),
        # Hit: `mode: set\n`
        ("a coverage profile of Go", r"mode: (?:set|count|atomic)\n"),
        # Hit: `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json"}`
        ("findings of a linter (SARIF)", r"\{[^[]{0,2000}sarif"),
        # Hit: `[{"filePath": "/srv/app/pay.js", "messages": []}]`
        ("findings of ESLint", r'\[\s{0,20}\{\s{0,20}"filePath"\s{0,9}:[^\n]{1,2000}?\s{0,20}"messages"\s{0,9}:'),
        # Hit: `[{"cell": null, "code": "F401"}]`
        ("findings of Ruff", r'\[\s{0,20}\{\s{0,20}"cell"\s{0,9}:'),
        # Hit: `<checkstyle version="10.12.0">`
        ("findings of a linter (Checkstyle)", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<checkstyle[\s>]"),
        # Hit: `<pmd version="7.0.0">`
        ("findings of PMD", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<pmd[\s>]"),
        # Hit: `<BugCollection version="4.8.0">`
        ("findings of SpotBugs", r"(?:<\?xml[^>]{0,200}>\s{0,9})?<BugCollection[\s>]"),
        # Hit: `{"lighthouseVersion": "12.0.0"}`
        ("a report of Lighthouse", r'\{[^[]{0,2000}"lighthouseVersion"\s{0,9}:'),
        # Hit: `{"auditReportVersion": 2}`
        ("a report of npm audit", r'\{\s{0,20}"auditReportVersion"\s{0,9}:'),
        # Hit: `{"log": {"version": "1.2"}}`
        ("an HTTP archive (HAR)", r'\{\s{0,20}"log"\s{0,9}:\s{0,9}\{\s{0,20}"(?:version|creator)"\s{0,9}:'),
        # Hit: `{"name": "app", "version": "1.0.0"}`
        ("a package.json", r'\{\s{0,20}"name"\s{0,9}:[^{]{1,400}"(?:version|scripts|private|dependencies)"\s{0,9}:'),
    )
)  # fmt: skip
"""How the files begin that stand beside reports, by what only their tool writes, with what to call them.

Miss: `{"status": "failed", "tests": []}`
Miss: `<report name="pays">`
Miss: `[{"filePath": "/srv/app/pay.js"}]`
Miss: `mode: fast\n`
Miss: `{"name": "pays", "status": "failed"}`
"""


def foreign(start: str) -> str:
    """The tool whose file a text is by its start, in words; "" for none that is known."""
    head = start[:8192]
    return next((name for name, known in _KNOWN if known.match(head)), "")
