"""What is known of the province's lines: averages, which are nobody's own line."""
