"""Callers who know what they want."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from tests.fake_twilio.voice import Dialled, LeavesLine, Pressed, Take

# Phản ánh; đèn đường; (statement); (place); gọi số này; gửi
REPORTING = ("1", "2", "4", "1", "1")
SPOKEN = (Take(spoken_s=12, key="#"), Take(spoken_s=3, key="#"))


class KnowsTheMenu:
    """Presses these keys at questions, speaks these takes, and then hangs up, or keeps silent."""

    def __init__(
        self,
        keys: Sequence[str] = REPORTING,
        takes: Sequence[Take] = SPOKEN,
        stays: bool = False,
        dialled: Dialled | None = None,
    ) -> None:
        self.keys = list(keys)
        self.takes = list(takes)
        self.stays = stays
        self.dialled = dialled

    def at_gather(self, gather: ET.Element) -> Pressed:
        action = gather.attrib["action"]
        if "part=prompt" in action:
            return Pressed()
        if "part=poll" in action:
            return Pressed("1")
        if self.keys:
            return Pressed(self.keys.pop(0))
        return self._out_of_words()

    def at_record(self, record: ET.Element) -> Take:
        if self.takes:
            return self.takes.pop(0)
        raise LeavesLine

    def at_dial(self, dial: ET.Element) -> Dialled:
        if self.dialled is None:
            raise LeavesLine
        return self.dialled

    def _out_of_words(self) -> Pressed:
        if self.stays:
            return Pressed()
        raise LeavesLine
