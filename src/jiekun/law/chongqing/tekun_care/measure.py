"""The city's care money for tekun people: numbers only."""
