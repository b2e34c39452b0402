"""Other readings of a text: what a model reads at sight and a pattern does not."""
