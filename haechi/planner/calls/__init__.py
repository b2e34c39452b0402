"""Ledger, trace or questionnaire in, observed calls out."""
