"""Asterisk for the hotline: find or fetch it, configure it, start it and ask it things."""
