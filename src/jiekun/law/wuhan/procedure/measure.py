"""What the city promises of procedure: numbers only."""
