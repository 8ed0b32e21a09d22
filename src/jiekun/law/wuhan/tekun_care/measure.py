"""The city's care money for tekun people: numbers only, none of them found."""
