BEGIN TRANSACTION;
CREATE TABLE daily (
	project VARCHAR(200) NOT NULL, 
	kind VARCHAR(4) NOT NULL, 
	name TEXT NOT NULL, 
	environment TEXT NOT NULL, 
	branch TEXT NOT NULL, 
	day DATE NOT NULL, 
	runs INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	rerun INTEGER NOT NULL, 
	PRIMARY KEY (project, kind, name, environment, branch, day)
);
CREATE TABLE green_paths (
            project VARCHAR(200) NOT NULL, environment TEXT NOT NULL, branch TEXT NOT NULL, test TEXT NOT NULL,
            run TEXT NOT NULL, at DATETIME NOT NULL,
            sha TEXT, path BLOB NOT NULL,
            PRIMARY KEY (project, environment, branch, test)
        );
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('version','3');
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
	taken_over BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (project, "key", run)
);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r0','2025-09-10 19:52:00.000000',2,2,'staging','main','c0','v0',NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r1','2025-09-11 19:52:00.000000',2,2,'staging','main','c1','v1',NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r2','2025-09-12 19:52:00.000000',2,2,'staging','main','c2','v2',NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r3','2025-09-13 19:52:00.000000',2,2,'staging','main','c3','v3',NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','http.status-bbbbbbbbbbbb','r3','2025-09-13 19:52:00.000000',1,1,'staging','main','c3','v3',NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','http.status-bbbbbbbbbbbb','elsewhere','2025-09-11 19:52:00.000000',1,1,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','lost','2025-09-12 20:52:00.000000',2,3,'staging','main','c9','v9','https://ci.example/9',1);
CREATE TABLE results (
	project VARCHAR(200) NOT NULL, 
	run TEXT NOT NULL, 
	test TEXT NOT NULL, 
	outcome VARCHAR(10) NOT NULL, 
	duration_s FLOAT, 
	rerun BOOLEAN NOT NULL, 
	PRIMARY KEY (project, run, test)
)
 WITHOUT ROWID

;
INSERT INTO "results" VALUES('acme/shop','elsewhere','tests.e2e.test_1_websocket_events_staging.TestEvents.c','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r0','tests.e2e.test_1_websocket_events_staging.TestEvents.a','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r0','tests.e2e.test_1_websocket_events_staging.TestEvents.b','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r0','tests.e2e.test_1_websocket_events_staging.TestEvents.p','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r1','tests.e2e.test_1_websocket_events_staging.TestEvents.a','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r1','tests.e2e.test_1_websocket_events_staging.TestEvents.b','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r1','tests.e2e.test_1_websocket_events_staging.TestEvents.p','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r2','tests.e2e.test_1_websocket_events_staging.TestEvents.a','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r2','tests.e2e.test_1_websocket_events_staging.TestEvents.b','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r2','tests.e2e.test_1_websocket_events_staging.TestEvents.p','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r3','tests.e2e.test_1_websocket_events_staging.TestEvents.a','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r3','tests.e2e.test_1_websocket_events_staging.TestEvents.b','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r3','tests.e2e.test_1_websocket_events_staging.TestEvents.c','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','r3','tests.e2e.test_1_websocket_events_staging.TestEvents.p','passed',0.31,0);
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
INSERT INTO "runs" VALUES('acme/shop','r0','2025-09-10 19:52:00.000000','staging','main','c0','v0',NULL,'failed',1);
INSERT INTO "runs" VALUES('acme/shop','r1','2025-09-11 19:52:00.000000','staging','main','c1','v1',NULL,'failed',1);
INSERT INTO "runs" VALUES('acme/shop','r2','2025-09-12 19:52:00.000000','staging','main','c2','v2',NULL,'failed',1);
INSERT INTO "runs" VALUES('acme/shop','r3','2025-09-13 19:52:00.000000','staging','main','c3','v3',NULL,'failed',1);
INSERT INTO "runs" VALUES('acme/shop','elsewhere','2025-09-11 19:52:00.000000',NULL,NULL,NULL,NULL,NULL,'failed',1);
CREATE TABLE sightings (
	project VARCHAR(200) NOT NULL, 
	"key" TEXT NOT NULL, 
	test TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	runs INTEGER NOT NULL, 
	PRIMARY KEY (project, "key", test)
);
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.a','2025-09-13 19:52:00.000000',4);
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.b','2025-09-13 19:52:00.000000',4);
INSERT INTO "sightings" VALUES('acme/shop','http.status-bbbbbbbbbbbb','tests.e2e.test_1_websocket_events_staging.TestEvents.c','2025-09-13 19:52:00.000000',2);
CREATE INDEX runs_by_time ON runs (project, at);
CREATE INDEX runs_by_scope ON runs (project, environment, branch, at);
CREATE INDEX occurrences_taken_over ON occurrences (project, "key") WHERE taken_over IS 1;
CREATE INDEX occurrences_by_time ON occurrences (project, at);
CREATE INDEX occurrences_by_run ON occurrences (project, run);
CREATE INDEX sightings_by_time ON sightings (project, at);
CREATE INDEX green_paths_by_time ON green_paths (project, at);
COMMIT;
