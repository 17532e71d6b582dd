"""Pictures made on the spot, honest ones and others."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

GPS = 0x8825
SECRET = "Nha chi Tu"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def telling_photo(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """A photo lying on its side, with where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET  # the artist
    exif.get_ifd(GPS)[2] = (9.0, 17.0, 0.0)
    out = io.BytesIO()
    image = Image.new("RGB", (64, 48), (200, 30, 30))
    image.paste((30, 200, 30), (0, 0, 64, 12))  # green above, as it lies in the file
    image.save(out, kind, exif=exif, quality=95)
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that would take gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
