"""How the models that haechi carries were made. Nothing here runs in the product."""
