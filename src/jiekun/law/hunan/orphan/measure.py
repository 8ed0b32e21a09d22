"""What is known of the province's standards for orphans: averages only."""
