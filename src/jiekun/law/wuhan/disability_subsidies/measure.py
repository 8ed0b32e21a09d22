"""The city's allowances for disabled people: numbers only, not found."""
