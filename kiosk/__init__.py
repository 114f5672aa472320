"""The kiosk: four faces on one core."""
