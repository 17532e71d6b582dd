"""`python -m tests.fake_twilio FOLDER PORT`: until it is killed."""

import sys
import threading
from pathlib import Path

from tests.fake_twilio.messages import ROUTES
from tests.fake_twilio.rest import FakeTwilio

if __name__ == "__main__":
    FakeTwilio(Path(sys.argv[1]), ROUTES, int(sys.argv[2]))
    print("ready", flush=True)
    threading.Event().wait()
