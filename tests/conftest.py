"""What every test runs under."""

from __future__ import annotations

import os

from hypothesis import settings

# on a desk new examples each time find new faults; in CI a change is held against the same ones as the change before
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
