"""The city's dibao lines: numbers only."""
