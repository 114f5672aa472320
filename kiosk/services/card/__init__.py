"""The window of the card itself."""
