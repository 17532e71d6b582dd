"""Settings from the province pack: forms, what would change, who changed what."""
