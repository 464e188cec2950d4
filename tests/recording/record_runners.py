"""Really runs a small suite with every runner that is installed and keeps the reports that the runner wrote.

Run by hand, never in CI:  python tests/recording/record_runners.py [--work DIR] [TOOL …]

In: `suites/<tool>/` and the far end of `world.py`. Out: `tests/data/runners/<tool>/`, the reports beside a
provenance.json. Each expected.json there is written by hand, from what the suite was made to do: look at the reports
and at it after a new recording. The runners have to be installed (tests/data/runners/README.md says from where).
"""

import argparse
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import world  # its folder has to be found first

HERE = Path(__file__).parent
OUT = HERE.parent / "data" / "runners"
LARGE = 60_000
NPM = "npm list --depth=0 --parseable --long {} | sed 's/.*://'"


@dataclass(frozen=True)
class Tool:
    """How a runner is run in a copy of its suite, and how it says its version. Reports are what it writes to $OUT."""

    commands: tuple[str, ...]
    version: str
    suite: str = ""
    ends: tuple[int, ...] = (1,)
    """The exit codes of a run in which what should fail fails."""


TOOLS = {
    "playwright": Tool(
        ("FORCE_COLOR=1 playwright test --project=api > $OUT/terminal.txt",),
        NPM.format("@playwright/test playwright-ctrf-json-reporter"),
    ),
    "playwright-browser": Tool(
        ("playwright test --project=chromium --project='mobile chrome' > $OUT/terminal.txt",),
        NPM.format("@playwright/test playwright-ctrf-json-reporter") + "; chromium --version",
        suite="playwright",
    ),
    "jest": Tool(
        (
            "jest --json --outputFile=$OUT/report.json",
            "FORCE_COLOR=1 jest --reporters=default > $OUT/terminal.txt 2>&1",
        ),
        NPM.format("jest jest-junit jest-ctrf-json-reporter"),
        ends=(1, 1),
    ),
    "vitest": Tool(
        (
            "FORCE_COLOR=1 vitest run > $OUT/terminal.txt 2>&1",
            "vitest run --reporter=verbose > $OUT/rerun-verbose.txt 2>&1",
        ),
        NPM.format("vitest axios"),
        ends=(1, 1),
    ),
    "mocha": Tool(
        (
            "mocha --reporter json --reporter-option output=$OUT/report.json '*.spec.js'",
            "mocha --reporter xunit --reporter-option output=$OUT/xunit.xml '*.spec.js'",
            "mocha --reporter mochawesome --reporter-options reportDir=$OUT,reportFilename=mochawesome,html=false '*.spec.js'",
        ),
        NPM.format("mocha mochawesome"),
        ends=(12, 12, 1),
    ),
    "node-test": Tool(
        (
            (
                "node --test --test-reporter=tap --test-reporter-destination=$OUT/report.tap"
                " --test-reporter=junit --test-reporter-destination=$OUT/junit.xml ."
            ),
        ),
        "echo node@$(node --version)",
    ),
    "tap": Tool(
        (
            "tap run --disable-coverage --allow-incomplete-coverage --reporter=tap --no-color *.cjs > $OUT/report.tap",
        ),
        NPM.format("tap"),
    ),
    "cucumber": Tool(
        (
            "cucumber-js --retry 1 --retry-tag-filter @flaky --format json:$OUT/report.json --format junit:$OUT/junit.xml",
            "cucumber-js --retry 1 --retry-tag-filter @flaky --tags @accounts --format message:$OUT/accounts.ndjson",
            "cucumber-js --tags 'not @accounts' --format message:$OUT/agents.ndjson",
        ),
        NPM.format("@cucumber/cucumber"),
        ends=(1, 1, 1),
    ),
    "newman": Tool(
        tuple(
            f"newman run staging.postman_collection.json {folders} --timeout-request 1000 --reporters json,junit"
            f" --reporter-json-export $OUT/{name}.json --reporter-junit-export $OUT/{name}.xml"
            " --env-var api=$STAGING_API --env-var site=$STAGING_SITE --env-var down=$STAGING_DOWN"
            " --env-var partner=$STAGING_PARTNER --env-var tls=$STAGING_TLS --env-var token=$STAGING_TOKEN"
            for name, folders in (
                ("agents", "--folder accounts --folder agents"),
                ("network", "--folder network"),
            )
        ),
        NPM.format("newman"),
        ends=(1, 1),
    ),
    "pytest": Tool(
        (
            *(
                f"REGION={region} pytest -p no:cacheprovider --color=yes --tb=short -o junit_suite_name={region} --junitxml=$OUT/junit-{region}.xml"
                f" --ctrf $OUT/ctrf-{region}.json {files} > $OUT/terminal-{region}.txt"
                for region, files in (("eu", "accounts_e2e.py agents_e2e.py"), ("us", "accounts_e2e.py"))
            ),
            "REGION=eu pytest -p no:cacheprovider --junitxml=$OUT/container.xml container_e2e.py > $OUT/terminal-container.txt",
            "REGION=eu pytest -p no:cacheprovider -n 2 --junitxml=$OUT/crash.xml renderer_e2e.py > $OUT/terminal-crash.txt",
        ),
        "pip list --format=freeze | grep -i -E '^(pytest|requests|websocket)'; python --version",
        ends=(1, 1, 1, 1),
    ),
    "allure": Tool(
        (
            "REGION=eu pytest -p no:cacheprovider --tb=short --alluredir=$OUT/allure-results accounts_e2e.py agents_e2e.py container_e2e.py",
        ),
        "pip list --format=freeze | grep -i -E '^(pytest|allure)'; python --version",
        suite="pytest",
    ),
    "robot": Tool(
        (
            "robot --report NONE --log NONE --output $OUT/first.xml accounts.robot",
            "robot --report NONE --log NONE --output $OUT/second.xml --rerunfailed $OUT/first.xml accounts.robot",
            "rebot --report NONE --log NONE --output $OUT/rerun.xml --xunit $OUT/rerun-xunit.xml --merge $OUT/first.xml $OUT/second.xml",
            "rm $OUT/first.xml $OUT/second.xml",
            "robot --report NONE --log NONE --output $OUT/output.xml --xunit $OUT/xunit.xml . > $OUT/terminal.txt",
            "robot --report NONE --log NONE --output $OUT/output.json .",
        ),
        "pip list --format=freeze | grep -i robot; python --version",
        ends=(1, 0, 0, 0, 14, 14),
    ),
    "go": Tool(
        (
            "rm -rf $SHOP && mkdir -p $SHOP && cp -r . $SHOP",
            "cd $SHOP && go test -json ./... > $OUT/report.json",
            "rm $OUT/refreshed",
            "cd $SHOP && go test ./... > $OUT/terminal.txt 2>&1",
            "rm $OUT/refreshed",
            "cd $SHOP && gotestsum --junitfile $OUT/junit.xml --rerun-fails=1 --rerun-fails-max-failures=50 --packages='./accounts ./agents' > $OUT/gotestsum.txt",
            "rm $OUT/refreshed",
        ),
        "go version; dpkg-query -W gotestsum golang-github-stretchr-testify-dev golang-github-gorilla-websocket-dev",
        ends=(0, 2, 0, 2, 0, 1, 0),
    ),
    "rust": Tool(
        ("cargo test --offline --no-fail-fast > $OUT/terminal.txt 2>&1",),
        "cargo --version; rustc --version",
        ends=(101,),
    ),
    "maven": Tool(
        (
            (
                "mkdir -p target/test-classes target/classes && javac -d target/test-classes"
                " -cp /usr/share/java/junit4.jar:/usr/share/java/hamcrest.jar $(find src -name '*.java')"
            ),
            "mvn -o -B -Dmaven.repo.local=$HOME/.m2/repository surefire:test > $OUT/terminal.txt",
            "rm $OUT/com.example.*.txt",
        ),
        "mvn -version | head -1; java -version 2>&1 | head -1; dpkg-query -W libsurefire-java junit4",
        ends=(0, 1, 0),
    ),
    "phpunit": Tool(
        ("phpunit --log-junit $OUT/junit.xml --log-teamcity $OUT/teamcity.txt > $OUT/terminal.txt",),
        "phpunit --version; php --version | head -1; dpkg-query -W php-guzzlehttp-guzzle",
        suite="php",
        ends=(2,),
    ),
    "ruby": Tool(
        (
            (
                "rspec --format json --out $OUT/report.json --format RspecJunitFormatter --out $OUT/junit.xml"
                " --format documentation --out $OUT/terminal.txt spec/accounts_spec.rb spec/agents_spec.rb"
            ),
            "rspec --format json --out $OUT/broken.json --format RspecJunitFormatter --out $OUT/broken.xml",
            "ruby agents_test.rb --seed 1",
        ),
        "ruby --version; dpkg-query -W ruby-rspec ruby-rspec-junit-formatter ruby-rspec-retry ruby-minitest ruby-minitest-reporters",
        ends=(1, 1, 1),
    ),
    "ctest": Tool(
        (
            "cmake -S . -B build > build.txt && cmake --build build >> build.txt",
            "build/shop_gtest --gtest_filter=-*Refreshed --gtest_output=xml:$OUT/gtest.xml > $OUT/gtest.txt",
            "build/shop_gtest --gtest_filter=-*Refreshed --gtest_output=json:$OUT/gtest.json",
            "CRASH=1 ctest --test-dir build --repeat until-pass:2 --output-on-failure --output-junit $OUT/ctest.xml > $OUT/ctest.txt",
            "build/shop_catch --reporter junit --out $OUT/catch2-junit.xml",
            "build/shop_catch --reporter xml --out $OUT/catch2.xml",
        ),
        "ctest --version | head -1; c++ --version | head -1; dpkg-query -W catch2 libgtest-dev libcurl4",
        ends=(0, 1, 1, 8, -11, -11),
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Records the named tools (all without names). 1 if a run ended as it should not."""
    options = _options(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        world.running(world.untrusted_certificate(Path(folder))) as given,
    ):
        broken = [name for name in options.tools or TOOLS if not _record(name, options.work, given)]
    print("\n".join(f"{name}: a run did not end as it should; see above" for name in broken))
    return 1 if broken else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=", ".join(TOOLS))
    parser.add_argument("--work", type=Path, default=Path("/home/runner/work/app/app"))
    return parser.parse_args(arguments)


def _record(name: str, work: Path, given: Mapping[str, str]) -> bool:
    """Whether the runs of a tool ended as they should. Replaces its reports either way."""
    tool = TOOLS[name]
    suite = work / (tool.suite or name)
    shutil.rmtree(suite, ignore_errors=True)
    shutil.copytree(HERE / "suites" / suite.name, suite)
    written = suite / "out"
    written.mkdir()
    environment = _environment(work, given) | {"OUT": str(written)}
    ends = tuple(_run(command, suite, environment).returncode for command in tool.commands)
    _keep(written, OUT / name, work, given)
    _write(OUT / name / "provenance.json", _provenance(name, tool, _run(tool.version, work, environment)))
    print(f"{name}: {ends}, {sorted(path.name for path in (OUT / name).iterdir())}")
    return ends == tool.ends


def _run(command: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        check=False,
        text=True,
        capture_output=True,
        timeout=600,
    )


def _environment(work: Path, given: Mapping[str, str]) -> dict[str, str]:
    """An environment like a runner's, with nothing of this machine's own."""
    cargo = Path(shutil.which("cargo") or "/usr/bin/cargo").parent
    path = [work / "node_modules/.bin", work / ".venv/bin", "/usr/local/bin", "/usr/bin", "/bin", cargo]
    return {
        "PATH": ":".join(map(str, path)), "HOME": "/home/runner", "USER": "runner", "LANG": "C.UTF-8", "CI": "true",
        "TERM": "xterm", "GO111MODULE": "off", "GOPATH": "/home/runner/go:/usr/share/gocode",
        "SHOP": "/home/runner/go/src/example.com/shop",
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")), **given,
    }  # fmt: skip


def _keep(written: Path, target: Path, work: Path, given: Mapping[str, str]) -> None:
    """The reports in `target`, of which only expected.json stays."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.rglob("*"):
        if old.is_file() and old.name != "expected.json":
            old.unlink()
    for path in sorted(written.rglob("*")):
        if path.is_file():
            kept = target / path.relative_to(written)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(_neutral(path.read_text(encoding="utf-8"), path, given), encoding="utf-8")


_NAME = re.escape(socket.gethostname())
_HOST = re.compile(rf"""(host(?:name)?["']?(?:\s*[=:]|,\s*"value":)\s*["']){_NAME}(["'])""")
"""Where reports name the machine: hostname="…", "hostname": "…", and Allure's label "host"."""


def _neutral(text: str, path: Path, given: Mapping[str, str]) -> str:
    """The text without this machine's name, interpreter or token; a large JSON file also without its indentation."""
    text = text.replace(given["STAGING_TOKEN"], "TOKEN")
    text = re.sub(_HOST, r"\1runner\2", text)
    text = text.replace(_nameserver(), "127.0.0.53")
    text = re.sub(
        r"/[^\s\"']{0,120}/versions/(\d\.\d{1,2}\.\d{1,2})/", r"/opt/hostedtoolcache/Python/\1/x64/", text
    )
    if path.suffix == ".json" and len(text) > LARGE:
        text = json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False) + "\n"
    return text


def _nameserver() -> str:
    found = re.search(
        r"^nameserver (\S+)", Path("/etc/resolv.conf").read_text(encoding="utf-8"), re.MULTILINE
    )
    return found[1] if found else "127.0.0.53"


def _provenance(name: str, tool: Tool, version: subprocess.CompletedProcess[str]) -> dict[str, object]:
    return {
        "source": "recorded",
        "by": f"tests/recording/record_runners.py {name}",
        "versions": version.stdout.split("\n")[:-1],
        "commands": list(tool.commands),
        "date": datetime.now(UTC).date().isoformat(),
        "platform": _platform(),
        "staging_faults": world.FAULTS,
        "replaced": "the host's name, the interpreter's folder, the token; JSON above 60 kB has lost its indentation",
    }


def _platform() -> str:
    names = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
        if "=" in line
    )
    return f"{names['PRETTY_NAME'].strip(chr(34))}, {platform.machine()}, {os.cpu_count()} cores"


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
