"""The city's standards for orphans: numbers only."""
