"""The window for work: looking for a job."""
