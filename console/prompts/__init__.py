"""The pages on which prompts are heard, recorded and published."""
