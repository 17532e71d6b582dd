"""A made-up year of calls, reports and figures, so that a newcomer sees the system alive."""
