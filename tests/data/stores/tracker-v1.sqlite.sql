BEGIN TRANSACTION;
CREATE TABLE comments (
	id INTEGER NOT NULL, 
	issue INTEGER NOT NULL, 
	author TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(issue) REFERENCES issues (number)
);
CREATE TABLE issue_keys (
	"key" TEXT NOT NULL, 
	issue INTEGER NOT NULL, 
	PRIMARY KEY ("key", issue), 
	FOREIGN KEY(issue) REFERENCES issues (number)
);
INSERT INTO "issue_keys" VALUES('error-gpms2lveaaxl',1);
CREATE TABLE issues (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	state VARCHAR(6) NOT NULL, 
	state_reason VARCHAR(12), 
	duplicate_of INTEGER, 
	closed_at DATETIME, 
	closed_commit TEXT, 
	labels TEXT NOT NULL
);
INSERT INTO "issues" VALUES(1,'[P3] KeyError: ''amount'': 1 test','<!-- triagebot {"v":1,"key":"error-gpms2lveaaxl","algorithm":1,"runs":["first"],"labels":["triagebot","P3","triage: draft"],"states":["draft"],"occurrences":[{"run":"first","at":"2025-09-10T19:52:00Z","failed":1,"ran":1,"commit":"c1","environment":"staging","branch":"main"}],"seen":1,"once":["872ea56c8b6036125dec2a90fa832fd9cc048cfa10dea15a1885ded54c5577eb"],"tests":["tests.test_pay.test_card"],"owed":true,"tests_seen":1,"ran":1,"first":"2025-09-10T19:52:00Z","title":"[P3] KeyError: ''amount'': 1 test","drafted":"digest"} -->
<!-- triagebot:begin -->
<!-- triagebot:part sentence -->
1 of 2 tests failed with **KeyError: ''amount''** in the run of 2025-09-10 19:52 UTC (environment staging, branch main, commit `c1`).

<!-- triagebot:part impact -->
### Impact

- **Priority:** P3 (no configured suite claims these tests)

**Failing tests**

- `tests.test_pay.test_card`

<!-- triagebot:part draft -->
### What is known

- Message: `KeyError: ''amount''`
- Phase: `call`

**What passed beside it**

- Passed in the same file: tests.test_pay.test_calm.
- In the whole run 1 of 2 tests passed; 1 failed in this way.

<details>
<summary>Failure of tests.test_pay.test_card</summary>

```
tests/test_pay.py:12: KeyError
E   KeyError: ''amount''
```

</details>

### What is not known, and how to find out

No language model was used (no key). These questions are open:

1. What happened first, before tests.test_pay.test_card failed? *Look at:* the log of the side that failed, in the minute before.
2. What made that happen? *Look at:* what changed (commits, deployment, configuration, data) between the last run that passed and commit c1.
3. What allowed it to happen? *Look at:* the check, default or limit that should have held at that place, and what it does today.
4. Why was it not noticed earlier? *Look at:* what the failing tests touch and tests.test_pay.test_calm, which passed, does not.
5. What keeps it from happening again? *Look at:* a change after which tests.test_pay.test_card passes, and a test that fails without that change.

To keep from the next run:

- Captured output: the reports hold none for these tests (pytest: keep -rA or the JSON report''s sections).
- A longer traceback: the report holds hardly more than the message (pytest: --tb=long).

<!-- triagebot:part occurrences -->
### Occurrences

| When (UTC) | Run | Commit | Revision | Failed / ran |
| --- | --- | --- | --- | --- |
| 2025-09-10 19:52 | `first` | `c1` |  | 1 / 1 |

First seen 2025-09-10 19:52 UTC. It occurred in 1 of 1 run of its tests up to the last row.

**Closing:** 0 of 5 clean runs in a row. A run is clean when every test that ever failed this way ran and passed; skipped or missing is not passed.

<!-- triagebot:part grouping -->
<details>
<summary>How these failures were grouped</summary>

```
key: error-gpms2lveaaxl (algorithm 1)
text: ''amount''
type: KeyError

read: 1 exception, first raised first
▶ KeyError: ''amount''
chosen: the only exception
decided by: fallback
read from: ''amount''
+ kind = error
+ text = ''amount''
+ type = KeyError
- message = ''amount''  (only what was read from it counts)
- innermost frame = tests/test_pay.py:  (code moves; counts only as `at`, where the words say little)
key: error-gpms2lveaaxl = error + base32(sha256(["error",{"text":"''amount''","type":"KeyError"}]))
```

</details>

<!-- triagebot:part footer -->
---

Written by triagebot from test reports: quotes are checked, conclusions are not. Text outside of this section and ticks inside it stay; a title, label or priority that a person sets wins. To silence the issue, close it as not planned or label it `muted`.

<!-- triagebot:end -->','open',NULL,NULL,NULL,NULL,'["triagebot", "P3", "triage: draft"]');
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('version','1');
CREATE TABLE occurrences (
	project VARCHAR(200) NOT NULL, 
	"key" TEXT NOT NULL, 
	run TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	failed INTEGER NOT NULL, 
	ran INTEGER NOT NULL, 
	environment TEXT, 
	branch TEXT, 
	sha TEXT, 
	revision TEXT, 
	url TEXT, 
	PRIMARY KEY (project, "key", run)
);
INSERT INTO "occurrences" VALUES('','error-gpms2lveaaxl','first','2025-09-10 19:52:00.000000',1,1,'staging','main','c1',NULL,NULL);
CREATE TABLE once (
	"key" VARCHAR(64) NOT NULL, 
	issue INTEGER NOT NULL, 
	PRIMARY KEY ("key"), 
	FOREIGN KEY(issue) REFERENCES issues (number)
);
INSERT INTO "once" VALUES('872ea56c8b6036125dec2a90fa832fd9cc048cfa10dea15a1885ded54c5577eb',1);
CREATE TABLE results (
	project VARCHAR(200) NOT NULL, 
	test TEXT NOT NULL, 
	run TEXT NOT NULL, 
	outcome VARCHAR(10) NOT NULL, 
	duration_s FLOAT, 
	rerun BOOLEAN NOT NULL, 
	PRIMARY KEY (project, test, run)
);
INSERT INTO "results" VALUES('','tests.test_pay.test_card','first','failed',NULL,0);
INSERT INTO "results" VALUES('','tests.test_pay.test_calm','first','passed',NULL,0);
CREATE TABLE runs (
	project VARCHAR(200) NOT NULL, 
	id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	environment TEXT, 
	branch TEXT, 
	sha TEXT, 
	revision TEXT, 
	url TEXT, 
	status VARCHAR(20) NOT NULL, 
	complete BOOLEAN NOT NULL, 
	PRIMARY KEY (project, id)
);
INSERT INTO "runs" VALUES('','first','2025-09-10 19:52:00.000000','staging','main','c1',NULL,NULL,'failed',1);
CREATE TABLE sightings (
	project VARCHAR(200) NOT NULL, 
	"key" TEXT NOT NULL, 
	test TEXT NOT NULL, 
	run TEXT NOT NULL, 
	PRIMARY KEY (project, "key", test, run)
);
INSERT INTO "sightings" VALUES('','error-gpms2lveaaxl','tests.test_pay.test_card','first');
CREATE INDEX runs_by_scope ON runs (project, environment, branch, at);
CREATE INDEX results_by_run ON results (project, run);
CREATE INDEX ix_comments_issue ON comments (issue);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('issues',1);
COMMIT;
