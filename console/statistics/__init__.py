"""Figures over calls and reports: a page, and the same as PDF and XLSX."""
