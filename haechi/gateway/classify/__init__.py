"""Text in, findings and label out."""
