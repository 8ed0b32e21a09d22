"""The dozen measures in each peer's own idiom. Every module runs in that peer's environment."""
