"""The topic model: texts, training, and its confusion table."""
