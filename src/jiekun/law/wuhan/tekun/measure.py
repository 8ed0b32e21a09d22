"""The city's tekun standards: numbers only."""
