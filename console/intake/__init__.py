"""A report that staff write down: during a call, or for a visitor."""
