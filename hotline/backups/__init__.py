"""Backups: made while the hotline runs, restored on an empty folder, tried out, and let go."""
