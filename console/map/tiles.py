"""A background for the map from a server of tiles, where one is set."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from console.policy import POLICY, widened


@dataclass(frozen=True)
class Tiles:
    """`url` is of tiles (`{z}`, `{x}`, `{y}`) or of a whole style; `credit` whose map it is."""

    url: str
    credit: str = ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def map_policy(tiles: Tiles | None) -> str:
    """The console's policy; where there are tiles, their server may be asked too, and no other."""
    return POLICY if tiles is None else widened(tiles.origin, "img-src", "connect-src")
