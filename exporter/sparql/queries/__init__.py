"""Queries as typed: saved ones and their parameters, refusals, names, and the form that the engine gets."""
