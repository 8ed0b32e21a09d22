"""The city has no law of its own here yet."""
