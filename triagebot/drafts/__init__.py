"""Why it broke, as far as that can be said: evidence, the exact request to a model, the check of its answer, honest digests.

In: groups, the run, its past, and values that `sources` read. Out: drafts. The way through the room: `service_logs` and `evidence` make a
catalogue of numbered, redacted lines (`report_evidence` of this run, `history_evidence` of earlier ones, `evidence_budget` trims to size); `prompt` makes
the request of the prompts' files; `verify` names the rules that an answer breaks, `quote_alignment` and `degrade` leave what holds,
`citations` adds the quoted lines; `digest` stands in wherever no model answered. Nothing here reads, sends or asks.
"""
