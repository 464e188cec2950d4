CREATE TABLE meta (
    name character varying(40) NOT NULL,
    value text NOT NULL
);
CREATE TABLE occurrences (
    project character varying(200) NOT NULL,
    key text NOT NULL,
    run text NOT NULL,
    at timestamp without time zone NOT NULL,
    failed integer NOT NULL,
    ran integer NOT NULL,
    environment text,
    branch text,
    sha text,
    revision text,
    url text
);
CREATE TABLE results (
    project character varying(200) NOT NULL,
    test text NOT NULL,
    run text NOT NULL,
    outcome character varying(10) NOT NULL,
    duration_s double precision,
    rerun boolean NOT NULL
);
CREATE TABLE runs (
    project character varying(200) NOT NULL,
    id text NOT NULL,
    at timestamp without time zone NOT NULL,
    environment text,
    branch text,
    sha text,
    revision text,
    url text,
    status character varying(20) NOT NULL,
    complete boolean NOT NULL
);
CREATE TABLE sightings (
    project character varying(200) NOT NULL,
    key text NOT NULL,
    test text NOT NULL,
    run text NOT NULL
);
INSERT INTO meta VALUES ('version', '1');
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r0', '2025-09-10 19:52:00', 2, 2, 'staging', 'main', 'c0', 'v0', NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r1', '2025-09-11 19:52:00', 2, 2, 'staging', 'main', 'c1', 'v1', NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r2', '2025-09-12 19:52:00', 2, 2, 'staging', 'main', 'c2', 'v2', NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r3', '2025-09-13 19:52:00', 2, 2, 'staging', 'main', 'c3', 'v3', NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'r3', '2025-09-13 19:52:00', 1, 1, 'staging', 'main', 'c3', 'v3', NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'elsewhere', '2025-09-11 19:52:00', 1, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'lost', '2025-09-12 20:52:00', 2, 3, 'staging', 'main', 'c9', 'v9', 'https://ci.example/9');
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r0', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r0', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'r0', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r1', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r1', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'r1', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r2', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r2', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'r2', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r3', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r3', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'r3', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'r3', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'elsewhere', 'failed', 0.31, false);
INSERT INTO runs VALUES ('acme/shop', 'r0', '2025-09-10 19:52:00', 'staging', 'main', 'c0', 'v0', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r1', '2025-09-11 19:52:00', 'staging', 'main', 'c1', 'v1', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r2', '2025-09-12 19:52:00', 'staging', 'main', 'c2', 'v2', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r3', '2025-09-13 19:52:00', 'staging', 'main', 'c3', 'v3', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'elsewhere', '2025-09-11 19:52:00', NULL, NULL, NULL, NULL, NULL, 'failed', true);
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r0');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r0');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r1');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r1');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r2');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r2');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'r3');
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'r3');
INSERT INTO sightings VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'r3');
INSERT INTO sightings VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'elsewhere');
ALTER TABLE ONLY meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);
ALTER TABLE ONLY occurrences
    ADD CONSTRAINT occurrences_pkey PRIMARY KEY (project, key, run);
ALTER TABLE ONLY results
    ADD CONSTRAINT results_pkey PRIMARY KEY (project, test, run);
ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (project, id);
ALTER TABLE ONLY sightings
    ADD CONSTRAINT sightings_pkey PRIMARY KEY (project, key, test, run);
CREATE INDEX results_by_run ON results USING btree (project, run);
CREATE INDEX runs_by_scope ON runs USING btree (project, environment, branch, at);
