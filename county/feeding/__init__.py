"""What machines need beside content: the words of code lists, and what differs by place, published in the feed."""
