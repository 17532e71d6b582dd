"""What goes on now: calls, queue, agents and services, pushed to whoever looks."""
