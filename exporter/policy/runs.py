"""The validation of the Python API: a run that ends as a command's does."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec

from exporter.policy.ending import FinishedRun, Policy
from exporter.validation import validating
from exporter.validation.validating import Validation

P = ParamSpec("P")


def _ended(run: Callable[P, Validation]) -> Callable[P, Validation]:
    @functools.wraps(run)
    def validate(*args: P.args, **kwargs: P.kwargs) -> Validation:
        found = run(*args, **kwargs)
        settled = Policy().settle(found.problems, FinishedRun(found.files, complete=True, reader=found.reader))
        return replace(found, problems=settled.problems, suppressed=settled.suppressed)

    return validate


validate = _ended(validating.validate)
"""`exporter.validation.validating.validate`, with its problems as they are reported: one for each fault, without suppressed ones."""
