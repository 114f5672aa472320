"""The county hub: feed, sittings, residents' statements, submissions, staff and the wall. Speaks ``contract``."""
