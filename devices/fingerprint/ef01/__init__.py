"""Sensors of the EF01 family (ZFM-20, R30x, AS608, FPM10A, R503)."""
