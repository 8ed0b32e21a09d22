"""The city's shares and caps of medical aid: numbers only."""
