CREATE TABLE daily (
    project character varying(200) NOT NULL,
    kind character varying(4) NOT NULL,
    name text NOT NULL,
    environment text NOT NULL,
    branch text NOT NULL,
    day date NOT NULL,
    runs integer NOT NULL,
    failed integer NOT NULL,
    rerun integer NOT NULL
);
CREATE TABLE green_paths (
    project character varying(200) NOT NULL,
    environment text NOT NULL,
    branch text NOT NULL,
    test text NOT NULL,
    run text NOT NULL,
    at timestamp without time zone NOT NULL,
    sha text,
    path bytea NOT NULL
);
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
    url text,
    taken_over boolean DEFAULT false NOT NULL
);
CREATE TABLE results (
    project character varying(200) NOT NULL,
    run text NOT NULL,
    test text NOT NULL,
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
    at timestamp without time zone NOT NULL,
    runs integer NOT NULL
);
INSERT INTO meta VALUES ('version', '3');
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r0', '2025-09-10 19:52:00', 2, 2, 'staging', 'main', 'c0', 'v0', NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r1', '2025-09-11 19:52:00', 2, 2, 'staging', 'main', 'c1', 'v1', NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r2', '2025-09-12 19:52:00', 2, 2, 'staging', 'main', 'c2', 'v2', NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'r3', '2025-09-13 19:52:00', 2, 2, 'staging', 'main', 'c3', 'v3', NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'r3', '2025-09-13 19:52:00', 1, 1, 'staging', 'main', 'c3', 'v3', NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'elsewhere', '2025-09-11 19:52:00', 1, 1, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO occurrences VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'lost', '2025-09-12 20:52:00', 2, 3, 'staging', 'main', 'c9', 'v9', 'https://ci.example/9', true);
INSERT INTO results VALUES ('acme/shop', 'r0', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r0', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r0', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r1', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r1', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r1', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r2', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r2', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r2', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r3', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r3', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r3', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'failed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'r3', 'tests.e2e.test_1_websocket_events_staging.TestEvents.p', 'passed', 0.31, false);
INSERT INTO results VALUES ('acme/shop', 'elsewhere', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', 'failed', 0.31, false);
INSERT INTO runs VALUES ('acme/shop', 'r0', '2025-09-10 19:52:00', 'staging', 'main', 'c0', 'v0', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r1', '2025-09-11 19:52:00', 'staging', 'main', 'c1', 'v1', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r2', '2025-09-12 19:52:00', 'staging', 'main', 'c2', 'v2', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'r3', '2025-09-13 19:52:00', 'staging', 'main', 'c3', 'v3', NULL, 'failed', true);
INSERT INTO runs VALUES ('acme/shop', 'elsewhere', '2025-09-11 19:52:00', NULL, NULL, NULL, NULL, NULL, 'failed', true);
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.a', '2025-09-13 19:52:00', 4);
INSERT INTO sightings VALUES ('acme/shop', 'ws.close-aaaaaaaaaaaa', 'tests.e2e.test_1_websocket_events_staging.TestEvents.b', '2025-09-13 19:52:00', 4);
INSERT INTO sightings VALUES ('acme/shop', 'http.status-bbbbbbbbbbbb', 'tests.e2e.test_1_websocket_events_staging.TestEvents.c', '2025-09-13 19:52:00', 2);
ALTER TABLE ONLY daily
    ADD CONSTRAINT daily_pkey PRIMARY KEY (project, kind, name, environment, branch, day);
ALTER TABLE ONLY green_paths
    ADD CONSTRAINT green_paths_pkey PRIMARY KEY (project, environment, branch, test);
ALTER TABLE ONLY meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);
ALTER TABLE ONLY occurrences
    ADD CONSTRAINT occurrences_pkey PRIMARY KEY (project, key, run);
ALTER TABLE ONLY results
    ADD CONSTRAINT results_pkey PRIMARY KEY (project, run, test);
ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (project, id);
ALTER TABLE ONLY sightings
    ADD CONSTRAINT sightings_pkey PRIMARY KEY (project, key, test);
CREATE INDEX green_paths_by_time ON green_paths USING btree (project, at);
CREATE INDEX occurrences_by_run ON occurrences USING btree (project, run);
CREATE INDEX occurrences_by_time ON occurrences USING btree (project, at);
CREATE INDEX occurrences_taken_over ON occurrences USING btree (project, key) WHERE (taken_over IS TRUE);
CREATE INDEX runs_by_scope ON runs USING btree (project, environment, branch, at);
CREATE INDEX runs_by_time ON runs USING btree (project, at);
CREATE INDEX sightings_by_time ON sightings USING btree (project, at);
