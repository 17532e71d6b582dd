"""Rounds: officers are asked an indicator's question; who is asked, and what they answered."""
