"""A part of OGC SensorThings 1.1 at /v1.1: docs/monitoring.md, docs/decisions/0035."""
