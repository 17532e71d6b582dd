"""What can go wrong with sound, models, recognition and synthesis.

SpeechError
├── BrokenSound             a file holds no usable sound
│   └── SoundTooLong        it goes on longer than was allowed
├── BadManifest             a folder of recorded speech does not say what is in it
├── BadVocabulary           a vocabulary's file is not one
├── RecogniserUnavailable   the engine's library or its model cannot be loaded
├── RecogniserBusy          as many callers are listened to as this machine can bear
├── RecognitionFailed       the engine gave up on one sound; the sound is unharmed
├── BadListening            a stream was asked for that no engine can give
│   └── BadPhrases          its phrase list is malformed
├── BadMessage              what a client of the speech service sent means nothing
├── SynthesisFailed         a text could not be spoken
│   └── BadVoice            the operator's voice file is none, or of another language
└── ModelError
    ├── UnknownModel        no such name in the catalogue
    ├── ModelDamaged        a file is missing or is not the one the catalogue names
    ├── NotOffered          the catalogue knows it and withholds it
    ├── HashUnknown         an archive came that nobody vouches for
    ├── DiskShort           not enough free space for the download
    └── FetchFailed         no source could give the model
"""


class SpeechError(Exception):
    """Root of this package's errors; the message is one line, safe to show and to log."""


class BrokenSound(SpeechError):
    """A file holds no usable sound."""


class SoundTooLong(BrokenSound):
    """It goes on longer than was allowed; no more than that was read."""


class BadManifest(SpeechError):
    """A folder of recorded speech does not say what is in it; the message names the line."""


class BadVocabulary(SpeechError):
    """A vocabulary's file is not one: make it anew."""


class RecogniserUnavailable(SpeechError):
    """The engine's library or its model cannot be loaded; every sound would fail alike."""


class RecogniserBusy(SpeechError):
    """As many callers are listened to as this machine can bear; the others press keys."""


class RecognitionFailed(SpeechError):
    """The engine gave up on one sound; the sound is unharmed."""


class BadListening(SpeechError):
    """A stream was asked for that no engine can give; the message says what was expected."""


class BadPhrases(BadListening):
    """A phrase list is malformed; given to Vosk it could end the process in native code."""


class BadMessage(SpeechError):
    """What a client of the speech service sent means nothing."""


class SynthesisFailed(SpeechError):
    """A text could not be spoken."""


class BadVoice(SynthesisFailed):
    """The operator's voice file is none, or of another language; the message says what it is."""


class ModelError(SpeechError):
    """A model cannot be had or trusted."""


class UnknownModel(ModelError):
    """No such name in the catalogue."""


class NotOffered(ModelError):
    """The catalogue knows the model and withholds it; the message says why."""


class HashUnknown(ModelError):
    """An archive came that nobody vouches for: nothing was installed. `sha256` is its hash."""

    def __init__(self, message: str, sha256: str) -> None:
        super().__init__(message)
        self.sha256 = sha256


class ModelDamaged(ModelError):
    """A file is missing, or its SHA-256 is not the one the catalogue names."""


class DiskShort(ModelError):
    """Not enough free space for the download."""


class FetchFailed(ModelError):
    """No source could give the model; the message says what each answered."""
