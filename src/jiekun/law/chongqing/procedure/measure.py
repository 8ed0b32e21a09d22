"""What the city sets of procedure: numbers only."""
