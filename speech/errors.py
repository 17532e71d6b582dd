"""What can go wrong with sound, models, recognition and synthesis.

SpeechError
├── BrokenSound             a file holds no usable sound
├── RecogniserUnavailable   the engine's library or its model cannot be loaded
├── RecognitionFailed       the engine gave up on one sound; the sound is unharmed
├── SynthesisFailed         a text could not be spoken
└── ModelError
    ├── UnknownModel        no such name in the catalogue
    ├── ModelDamaged        a file is missing or is not the one the catalogue names
    ├── DiskShort           not enough free space for the download
    └── FetchFailed         no source could give the model
"""


class SpeechError(Exception):
    """Root of this package's errors; the message is one line, safe to show and to log."""


class BrokenSound(SpeechError):
    """A file holds no usable sound."""


class RecogniserUnavailable(SpeechError):
    """The engine's library or its model cannot be loaded; every sound would fail alike."""


class RecognitionFailed(SpeechError):
    """The engine gave up on one sound; the sound is unharmed."""


class SynthesisFailed(SpeechError):
    """A text could not be spoken."""


class ModelError(SpeechError):
    """A model cannot be had or trusted."""


class UnknownModel(ModelError):
    """No such name in the catalogue."""


class ModelDamaged(ModelError):
    """A file is missing, or its SHA-256 is not the one the catalogue names."""


class DiskShort(ModelError):
    """Not enough free space for the download."""


class FetchFailed(ModelError):
    """No source could give the model; the message says what each answered."""
