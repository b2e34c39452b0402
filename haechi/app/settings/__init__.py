"""`haechi.yaml`: its types, how it is read, and what it compiles to."""
