"""What the hub's own conformance is tested with: persons of the invented town, and faults made on purpose."""
