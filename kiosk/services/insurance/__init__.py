"""The window for social insurance."""
