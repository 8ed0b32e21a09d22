"""What is known of the province's allowances for disabled people: averages only."""
