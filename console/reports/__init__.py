"""The list of reports, a report, and what is done to it."""
