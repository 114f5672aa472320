"""The window for pensions."""
