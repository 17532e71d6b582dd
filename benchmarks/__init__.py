"""Measurements that decisions rest on; each prints a table and says how it was taken."""
