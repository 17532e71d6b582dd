"""The map: where reports lie."""
