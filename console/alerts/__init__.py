"""Alerts: their list, one with why it is there, and what staff do with it."""
