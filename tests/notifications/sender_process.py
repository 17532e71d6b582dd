"""A sender to be killed: `python -m tests.notifications.sender_process`, by the settings.

It stops when its standard input closes.
"""

import sys
import threading

from hotline.logs import configure_logs
from hotline.settings import read_settings
from hotline.texting import the_sender
from hotline.wiring import open_database, the_province


def main() -> None:
    configure_logs()
    settings = read_settings()
    sender = the_sender(open_database(settings), settings, the_province(settings), "worker-1")
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    thread.join()


if __name__ == "__main__":
    main()
