"""The hub's addresses, one short file a subject; each has a blueprint ``routes``."""
