"""How fast `owltype` is, beside what else a user could run; see docs/benchmarks.md."""
