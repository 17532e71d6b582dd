"""Early warning: pure statistics over counts; no database, no clock."""
