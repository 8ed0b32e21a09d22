"""The city's cap on temporary relief, a number only."""
