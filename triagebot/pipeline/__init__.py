"""One run through all rooms, over ports: what the command line, a server or a test calls.

`read_runs` reads reports, `assess` groups them beside the tracker, `make_plan` decides, drafts and plans, `triage_run` also
applies. Effects are handed in (`Effects`), the tracker and the history store stand in a `Workspace`. This room prints
nothing and knows no exit code.
"""
