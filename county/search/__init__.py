"""The search over open posts, for whoever asks the county itself (``GET /v1/postings``)."""
