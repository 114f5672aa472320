"""Invented cards: what is written on them, what they answer, how they reach a virtual reader."""
