"""`hotline restore`, told beside `hotline backup`."""

from hotline.commands.backup import restore

__all__ = ["restore"]
