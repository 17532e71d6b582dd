"""Asterisk's configuration as templates; `hotline.telephony.render` fills them in."""

from pathlib import Path

TEMPLATES = Path(__file__).parent
