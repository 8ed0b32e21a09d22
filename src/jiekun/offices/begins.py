"""The lookup `begins`: text that begins so, found by an index whoever asks.

Behind row-level security the database looks at an index only for operators that cannot leak what
they see. LIKE, which `startswith` becomes, is none of them; `^@` is one.
"""

from __future__ import annotations

from django.db.models import CharField, TextField
from django.db.models.lookups import PostgresOperatorLookup


@CharField.register_lookup
@TextField.register_lookup
class Begins(PostgresOperatorLookup):
    """`name__begins="王"`: byte by byte, so that `%` and `_` are only themselves."""

    lookup_name = "begins"
    postgres_operator = "^@"
