"""Cohorts as files: where they are, which engine runs them, how far it is, what came out."""
