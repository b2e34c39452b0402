"""What holds for every test."""

import signal

import hypothesis

# A shell that starts the tests in the background has them ignore SIGINT, and so would every process they start
# in order to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("haechi", deadline=None)
hypothesis.settings.load_profile("haechi")
