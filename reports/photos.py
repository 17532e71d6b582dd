"""Photos made harmless: what a file is, its content says; it is decoded and written anew.

So nothing is kept of where, when and with what it was taken, nor of anything that hides behind a
picture. The only file that imports Pillow.
"""

import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from reports.errors import BadPhoto

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_TYPES = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
LONGEST_SIDE = 2560  # enough to read a sign across a street
# A picture of one colour takes few bytes and gigabytes of memory: what is larger is not decoded.
MOST_PIXELS = 50_000_000
MOST_JPEG_PIXELS = 210_000_000  # decoded at a half, a quarter or an eighth of its size
_QUALITY = 85

# Each takes up to 200 MB while it is decoded: all threads of a server at once would take all.
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Photo:
    """A picture as it is kept."""

    content: bytes
    media_type: str
    width: int
    height: int


def harmless_photo(content: bytes) -> Photo:
    """The picture upright, at most 2560 pixels long, and nothing else of what the file held.

    A moving one is kept as its first frame.

    Raises:
        BadPhoto: it is no JPEG, PNG or WebP, is damaged, or has too many pixels.
    """
    with _turns, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which is not kept
        try:
            with Image.open(io.BytesIO(content), formats=tuple(_TYPES)) as opened:
                return _anew(opened)
        except UnidentifiedImageError as error:
            raise BadPhoto("expected a JPEG, PNG or WebP picture") from error
        except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, KeyError,
                Image.DecompressionBombError) as error:  # fmt: skip
            raise BadPhoto("the picture is damaged, or larger than can be shown") from error


def _anew(opened: Image.Image) -> Photo:
    kind = opened.format or ""
    most = MOST_JPEG_PIXELS if kind == "JPEG" else MOST_PIXELS
    width, height = opened.size
    if width * height > most:
        raise BadPhoto(f"expected at most {most // 10**6} million pixels")
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG alone, and much quicker
    opened.load()
    shown = ImageOps.exif_transpose(opened)
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clear = shown.has_transparency_data
    shown = shown.convert("RGBA" if clear and kind != "JPEG" else "RGB")
    # A fresh picture with the same points: formats write what hangs on the old one.
    fresh = Image.frombytes(shown.mode, shown.size, shown.tobytes())
    out = io.BytesIO()
    if kind == "JPEG":
        fresh.save(out, "JPEG", quality=_QUALITY, optimize=True)
    elif kind == "PNG":
        fresh.save(out, "PNG")
    else:
        fresh.save(out, "WEBP", quality=_QUALITY)
    return Photo(out.getvalue(), _TYPES[kind], *fresh.size)
