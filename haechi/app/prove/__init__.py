"""`haechi prove`: tries to make a second instance of this installation leak, and signs what it saw."""
