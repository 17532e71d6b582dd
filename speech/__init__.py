"""Sound to text and text to sound; knows nothing of calls."""
