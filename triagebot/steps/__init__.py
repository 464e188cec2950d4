"""What tests did, as ordered steps: the basis on which failing tests are held against passing ones and their own green runs.

In: a `Run` as reports and the pytest plugin tell it, and logs that lay beside it. Out: `paths`, a `TestPath` for each test. A source
of steps is a module of this room. Nothing here says why a test failed; what nobody recorded is named as absent.
"""

from triagebot.steps.model import LogText, Step, StepSource, TestPath
from triagebot.steps.paths import green_paths, paths, with_values

__all__ = ["LogText", "Step", "StepSource", "TestPath", "green_paths", "paths", "with_values"]
