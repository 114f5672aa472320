"""What a machine tells the county of itself: the head of its journal, and the figures of its days."""
