"""The province's allowances for disabled people: numbers only, Wuhan not among them."""
