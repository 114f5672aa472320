"""A conversation with a SAM_V module. Its answers do not say what they answer (reference/card.md §4)."""

from __future__ import annotations

import logging
import threading
import time

from devices.conversation import Conversation
from devices.device import DeviceGarbled, DeviceSilent
from devices.id_card.samv_address import Patience, SamvAddress
from devices.id_card.samv_frames import OF_THE_LINE, Answer, AnswerParser, Command, encode
from devices.port import SerialPort
from devices.tap import Tap

log = logging.getLogger(__name__)

LONGEST_HUSH = 1.0
LONGEST_SHORT_ANSWER = 16
BITS_OF_LONGEST_ANSWER = 10 * 2400


class SamvLine(Conversation[Answer]):
    """Asks one command at a time.

    After a failure the line is left to fall silent before the next command; there is no probe that only one answer
    fits. A module answers in order, so a text that comes late stands before the answers to later commands: it is
    passed over, and never taken for the next person's.
    """

    def __init__(self, address: SamvAddress, patience: Patience, tap: Tap) -> None:
        super().__init__(SerialPort(address.url, address.baud, tap), AnswerParser(), patience.quiet)
        self._patience = patience

    def ask(self, command: Command, abort: threading.Event) -> Answer:
        """One command and its answer. No command changes anything, so a lost answer is asked for once more."""
        try:
            return self._ask(command, abort)
        except (DeviceSilent, DeviceGarbled) as error:
            if not self.is_open:
                raise
            log.info("%s: %s is asked again (%s)", self.port.url, command.name, error)
            return self._ask(command, abort)

    def _ask(self, command: Command, abort: threading.Event) -> Answer:
        if self.stale:
            self.hush(LONGEST_HUSH, abort)
        self.say(encode(command))
        latest = time.monotonic() + self._time_for(command)
        answer = self.hear(latest, abort)
        while command is not Command.READ and len(answer.content) > LONGEST_SHORT_ANSWER:
            answer = self.hear(latest, abort)  # a text that comes late: somebody else's, perhaps
        self.stale = False
        if answer.status in OF_THE_LINE:
            raise DeviceGarbled(f"{self.port.url}: {command.name} came in broken")
        return answer

    def _time_for(self, command: Command) -> float:
        if command is Command.READ:
            return self._patience.read + BITS_OF_LONGEST_ANSWER / self.port.baud
        return self._patience.answer
