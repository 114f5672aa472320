"""Schema changes of the kiosk's database, by alembic; imported only when the schema is not the head."""
