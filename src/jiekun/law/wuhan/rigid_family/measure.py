"""What people of the city had to spend last year: numbers only."""
