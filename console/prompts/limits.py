"""How much of a recording is taken at all."""

# A minute at 96 kHz, stereo, 24 bits has 35 MB: no studio gives more.
MOST_UPLOAD_BYTES = 40_000_000
