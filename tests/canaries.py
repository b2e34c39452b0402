"""The canaries are the product's own: `haechi prove` plants the same ones."""

from haechi.app.prove.canaries import forms, resident_number, traces

__all__ = ["forms", "resident_number", "traces"]
