"""The figures of the flow checker's rules; sources in docs/decisions/0004-prompt-rules.md."""

# What a caller keeps in mind.
MOST_CHOICES = 5
MOST_WORDS = 32  # a prompt; Vietnamese syllables at a calm pace: about nine seconds
MOST_SOUND_S = 9.0
MOST_WORDS_A_TURN = 3 * MOST_WORDS  # all that is said before the caller's turn
# What a caller has time for.
LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 5.0, 15.0
LEAST_BETWEEN_DIGITS_S, MOST_BETWEEN_DIGITS_S = 2.0, 5.0
LEAST_SILENCE_S = 1.5
# A line that nobody speaks on costs the caller and us.
MOST_SILENT_TURNS = 10
# What a walk takes for endless.
MOST_COMMANDS = 20
MOST_MOMENTS = 20_000
