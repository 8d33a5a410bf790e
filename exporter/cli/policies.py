"""The ending that the settings and the options ask for: the same for every command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from exporter.cli.session import Session
from exporter.problems import Problem

if TYPE_CHECKING:
    from exporter.policy.ending import Policy, Settled
    from exporter.policy.scope import Scope, Since
    from exporter.project import Project


def choose_policy(session: Session, baseline: str | None, scope: Scope | Since | None = None, *, known: bool = True) -> Policy:
    """Read what is not to be reported, before any work is done; the baseline counts if it is `known`, and not to be written.

    Raises UsageError for a baseline that can't be read.
    """
    from exporter.policy.baseline import read_baseline
    from exporter.policy.ending import Policy

    file = (baseline or session.settings.baseline) if known else None
    return Policy(session.settings.suppressions, session.settings.file, read_baseline(file) if file else None, scope)


def settle(project: Project, policy: Policy, problems: Sequence[Problem]) -> Settled:
    """Put the problems of a run that is not `validate`'s through the policy."""
    from exporter.policy.ending import FinishedRun, Settled

    return policy.settle(problems, FinishedRun(reader=project.reader())) if problems else Settled(())
