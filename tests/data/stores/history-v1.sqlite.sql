BEGIN TRANSACTION;
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
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r0','2025-09-10 19:52:00.000000',2,2,'staging','main','c0','v0',NULL);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r1','2025-09-11 19:52:00.000000',2,2,'staging','main','c1','v1',NULL);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r2','2025-09-12 19:52:00.000000',2,2,'staging','main','c2','v2',NULL);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','r3','2025-09-13 19:52:00.000000',2,2,'staging','main','c3','v3',NULL);
INSERT INTO "occurrences" VALUES('acme/shop','http.status-bbbbbbbbbbbb','r3','2025-09-13 19:52:00.000000',1,1,'staging','main','c3','v3',NULL);
INSERT INTO "occurrences" VALUES('acme/shop','http.status-bbbbbbbbbbbb','elsewhere','2025-09-11 19:52:00.000000',1,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "occurrences" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','lost','2025-09-12 20:52:00.000000',2,3,'staging','main','c9','v9','https://ci.example/9');
CREATE TABLE results (
	project VARCHAR(200) NOT NULL, 
	test TEXT NOT NULL, 
	run TEXT NOT NULL, 
	outcome VARCHAR(10) NOT NULL, 
	duration_s FLOAT, 
	rerun BOOLEAN NOT NULL, 
	PRIMARY KEY (project, test, run)
);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r0','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r0','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.p','r0','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r1','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r1','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.p','r1','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r2','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r2','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.p','r2','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r3','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r3','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.c','r3','failed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.p','r3','passed',0.31,0);
INSERT INTO "results" VALUES('acme/shop','tests.e2e.test_1_websocket_events_staging.TestEvents.c','elsewhere','failed',0.31,0);
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
	run TEXT NOT NULL, 
	PRIMARY KEY (project, "key", test, run)
);
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r0');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r0');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r1');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r1');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r2');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r2');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.a','r3');
INSERT INTO "sightings" VALUES('acme/shop','ws.close-aaaaaaaaaaaa','tests.e2e.test_1_websocket_events_staging.TestEvents.b','r3');
INSERT INTO "sightings" VALUES('acme/shop','http.status-bbbbbbbbbbbb','tests.e2e.test_1_websocket_events_staging.TestEvents.c','r3');
INSERT INTO "sightings" VALUES('acme/shop','http.status-bbbbbbbbbbbb','tests.e2e.test_1_websocket_events_staging.TestEvents.c','elsewhere');
CREATE INDEX runs_by_scope ON runs (project, environment, branch, at);
CREATE INDEX results_by_run ON results (project, run);
COMMIT;
