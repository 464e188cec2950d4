CREATE TABLE run_reports (
  run_id TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  monthly_saving REAL NOT NULL,
  body TEXT NOT NULL
);
