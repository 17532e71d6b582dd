"""Whether the newest settings that staff published hold, for /readyz and `hotline doctor`."""

from provinces.published.live import Published

MEND = "`hotline province show`, then `hotline province check` or `hotline province take-back`"


def settings_health(published: Published) -> tuple[str, str]:
    """`ready`, or `away` where an older version holds; and a line for the operator."""
    if published.trouble is None:
        return "ready", f"version {published.number} holds"
    return "away", (
        f"version {published.trouble} cannot be read, version {published.number} holds and nothing "
        f"is purged: {MEND}"
    )
