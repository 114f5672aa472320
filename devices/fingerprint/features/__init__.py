"""Sensors of 中正, 维尔 and 天诚盛业, which give features that a maker's library compares; and their simulators."""
