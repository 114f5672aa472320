"""Screens that belong to no service: home, reading, PIN, the parked request, the wall, the dock."""
