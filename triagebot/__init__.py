"""Red test reports in, one honest issue per cause out.

The way through the package: `sources` bring bytes, `reports` make a Run of them, `signatures` give every
failure its identity, `groups` put failures of one identity together, `issues` match groups with what the
tracker holds, `drafts` write what is known about a cause, `plans` decide what should change and write the
final text, `trackers` apply it. `redact` and `markdown` stand at every exit for untrusted text. Only `sources`,
`models`, `stores`, `trackers` and `cli` touch the world; everything else is a function of its arguments.
"""

__version__ = "0.1.0"
