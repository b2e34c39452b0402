"""Who asks: headers and key secret in, caller and what the caller narrows out."""
