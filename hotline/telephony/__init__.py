"""Asterisk for the hotline: find or fetch it, write its configuration, start it and ask it things."""
