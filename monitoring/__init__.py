"""The seven modules of the operations centre: indicators, observations, early warning, alerts."""
