"""What a browser may load on the console's pages: everything from here, and nothing inline."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def widened(address: str, *directives: str) -> str:
    """The policy of a page that may ask that server too, for what these directives name."""
    parts = (part.strip() for part in POLICY.split(";"))
    return "; ".join(f"{p} {address}" if p.partition(" ")[0] in directives else p for p in parts)
