"""Twenty officers at the desk at once: `python -m bench.desk` writes docs/desk-load.md."""
