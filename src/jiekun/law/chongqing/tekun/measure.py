"""The city's tekun standard, one for town and country: numbers only."""
