"""The figures by which a province bounds what callers and the hotline itself may do."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Limits:
    """All figures of limits.toml, where the reasons stand.

    Attributes:
        pin_tries_per_report_day: wrong PINs in a day after which a report is locked.
        tries_per_caller_hour: references and PINs that one number may try in an hour.
        resume_minutes: how long after a dropped line the same number may go on.
        anonymous_hash_minutes: how long an anonymous call's keyed hash is kept, for the same end.
        warn_calls_hour: calls of one number in an hour from which it is asked to wait.
        record_only_calls_hour: from which it may leave a message and nothing else.
        blocked_calls_hour: from which it is turned away.
        block_minutes: how long it then is.
        express_calls: calls in progress above which everybody gets the short conversation.
        queue_minutes: how long a caller may wait for a person before something else is offered.
        music_minutes: an expected wait from which a message or a callback is offered first.
        emergency_minutes_day: outgoing minutes a day to emergency numbers, in all.
        emergency_call_minutes: outgoing minutes of one such connection.
        callback_from, callback_until: local times between which promised callbacks are made.
        callback_tries: how often a callback is tried.
        callback_gap_minutes: the time between two tries.
        survey_from, survey_until: local times between which people are asked how it went.
        survey_after_hours: how long after a report was closed.
        survey_within_days: a survey later than this is not made any more.
        survey_tries: how often a survey is tried.
        survey_gap_minutes: the time between two tries.
        round_from, round_until: local times between which officers are rung for figures.
        round_tries: how often each is tried for a question.
        round_gap_minutes: the time between two tries.
        round_within_hours: how long after a round was opened anybody is rung for it.
    """

    pin_tries_per_report_day: int
    tries_per_caller_hour: int
    resume_minutes: int
    anonymous_hash_minutes: int
    warn_calls_hour: int
    record_only_calls_hour: int
    blocked_calls_hour: int
    block_minutes: int
    express_calls: int
    queue_minutes: int
    music_minutes: int
    emergency_minutes_day: int
    emergency_call_minutes: int
    callback_from: time
    callback_until: time
    callback_tries: int
    callback_gap_minutes: int
    survey_from: time
    survey_until: time
    survey_after_hours: int
    survey_within_days: int
    survey_tries: int
    survey_gap_minutes: int
    round_from: time
    round_until: time
    round_tries: int
    round_gap_minutes: int
    round_within_hours: int
