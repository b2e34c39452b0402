"""Settings, wiring, web, command line and processes: the only room that knows all others."""
