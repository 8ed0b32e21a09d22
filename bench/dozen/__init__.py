"""A dozen measures written alike for Jiekun and for its peers. Made up; no real policy."""
