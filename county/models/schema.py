"""The list of all tables, how their indexes and keys are named, and what the hub notes of itself."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

hub_facts = Table(
    "hub_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("content", String(200), nullable=False),
)
