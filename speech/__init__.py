"""Sound to text and text to sound; knows nothing of calls."""

import os

# onnxruntime, of which the voice detector is, else writes a number of this machine into the home
# folder and sends what it does to its maker. It looks once, when it is loaded: before any import
# of it, faster-whisper's own included.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
