"""The kiosk: four faces on one core."""

VERSION = "0.1.0"
