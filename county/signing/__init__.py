"""What the county signs, and what it keeps of what kiosks signed."""
