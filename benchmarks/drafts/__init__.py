"""How good drafts are, as far as that can be known: cases with faults that were really switched on, gold, replay, rubric.

    python -m benchmarks.drafts                  evidence of every case, hand-written answers, recorded answers if there are any
    python -m benchmarks.drafts --strict         a case without a recorded answer is a failure
    python -m benchmarks.drafts --record         ask the model (needs a key; costs money) and keep what it answers
    python -m benchmarks.drafts --sheet FILE     what a person has to judge, as a form

See README.md beside this file for what the numbers mean and which of them do not exist yet.
"""
