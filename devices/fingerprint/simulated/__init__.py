"""A simulated sensor of the EF01 family; shares nothing with the driver."""
