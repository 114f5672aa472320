"""What the hub does so that a kiosk stays the one it was, and can do no more than an honest one does."""
