"""Figures of this program as ratios, both terms measured in one run on one machine (`make bench`)."""
