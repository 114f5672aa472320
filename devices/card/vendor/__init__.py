"""Readers behind their maker's library (the national SSCardDriver interface), beside those of PC/SC."""
