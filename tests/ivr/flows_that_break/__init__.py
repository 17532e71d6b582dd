"""Small flows, each of which breaks one rule of the flow checker."""
