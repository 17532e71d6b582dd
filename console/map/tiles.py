"""A background for the map from a server of tiles, where one is set."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from console.policy import POLICY


@dataclass(frozen=True)
class Tiles:
    """`url` is of tiles (`{z}`, `{x}`, `{y}`) or of a whole style; `credit` whose map it is."""

    url: str
    credit: str = ""

    @property
    def is_style(self) -> bool:
        return "{z}" not in self.url

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def map_policy(tiles: Tiles | None) -> str:
    """The console's policy; where there are tiles, their server may be asked too, and no other."""
    if tiles is None:
        return POLICY
    wider = {"img-src", "connect-src"}
    parts = (part.strip() for part in POLICY.split(";"))
    return "; ".join(f"{p} {tiles.origin}" if p.split(" ")[0] in wider else p for p in parts)
