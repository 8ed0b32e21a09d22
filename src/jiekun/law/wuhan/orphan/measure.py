"""The city's standards for orphans and unsupported children: numbers only."""
