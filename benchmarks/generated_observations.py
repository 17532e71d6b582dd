"""A year of made-up observations, put in by the database itself: a million in seconds."""

from datetime import UTC, timedelta

from sqlalchemy import Engine, func, select, text

from benchmarks.generated_reports import NOW
from monitoring.models import Datastream
from monitoring.partitions import make_months, make_months_of
from provinces.modules import Indicator, IndicatorLevel, Period
from provinces.schema import LOWEST_KINDS, Province
from storage.database import reading, transaction

HOURS = 365 * 24
LAST = NOW.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
"""The newest hour that is filled."""
SENDER = "sender"
"""The source of series that are not filled: what is sent to them is new."""
_CHUNK = 200  # series in a statement


def hourly(province: Province) -> list[Indicator]:
    """What communes tell by the hour, and this system does not count itself."""
    return [
        each
        for each in province.indicators.values()
        if each.period is Period.HOUR
        and each.level is IndicatorLevel.UNIT
        and each.from_system is None
    ]


def fill(engine: Engine, province: Province, rows: int) -> list[int]:
    """Have so many observations, a year of hours for each of as many series as that takes; the ids
    of all series. What is there already stays."""
    if engine.dialect.name == "postgresql":
        zone = province.timezone
        make_months(engine, LAST, zone)
        make_months_of(engine, LAST - timedelta(hours=HOURS), LAST, zone)
    wanted = max(1, round(rows / HOURS))
    units = [
        f"{unit.key.edition}:{unit.key.code}"
        for unit in province.units.values()
        if unit.kind in LOWEST_KINDS and unit.key.edition == province.current_edition
    ]
    indicators = hourly(province)
    # First every indicator and unit as its own source tells it, then other sources.
    streams = (
        (each.code, unit, each.source if number == 0 else f"source_{number}")
        for number in range(1 + wanted // (len(indicators) * len(units)))
        for each in indicators
        for unit in units
    )
    with transaction(engine) as session:
        filled = select(func.count()).where(Datastream.source != SENDER)
        there = session.scalar(filled) or 0
        new = [stream for _, stream in zip(range(wanted), streams, strict=False)][there:]
        made = [
            Datastream(indicator=code, unit_key=unit, source=source, made_at=LAST)
            for code, unit, source in new
        ]
        session.add_all(made)
        session.flush()
        ids = [each.id for each in made]
    for begin in range(0, len(ids), _CHUNK):
        with transaction(engine) as session:
            for statement in _POSTGRESQL if engine.dialect.name == "postgresql" else _SQLITE:
                session.execute(
                    text(statement),
                    {"lowest": ids[begin], "highest": ids[min(begin + _CHUNK, len(ids)) - 1]}
                    | _moments(engine, province),
                )
    with reading(engine) as session:
        query = select(Datastream.id).where(Datastream.source != SENDER)
        return list(session.scalars(query.order_by(Datastream.id)))


def empty_series(engine: Engine, province: Province, count: int) -> list[int]:
    """So many series to send to."""
    code = hourly(province)[0].code
    made = [
        Datastream(indicator=code, unit_key=f"sent:{n}", source=SENDER, made_at=LAST)
        for n in range(count)
    ]
    with transaction(engine) as session:
        session.add_all(made)
        session.flush()
        return [each.id for each in made]


def _moments(engine: Engine, province: Province) -> dict[str, object]:
    first = LAST - timedelta(hours=HOURS - 1)
    if engine.dialect.name == "postgresql":
        return {"first": first, "last": LAST, "zone": province.timezone.key}
    ahead = first.astimezone(province.timezone).utcoffset() or timedelta()
    return {
        "first": f"{first:%Y-%m-%d %H:%M:%S}",
        "hours": HOURS,
        "ahead": f"+{ahead // timedelta(hours=1)} hours",
    }


# Small numbers that look like chance and are the same each time.
_VALUE = "(d.id * 7919 + {hour} * 104729) % 97 % 11"
_POSTGRESQL = (
    f"""
    INSERT INTO observations (datastream, phenomenon_at, known_at, value)
    SELECT d.id, h.at, h.at + interval '1 minute',
           {_VALUE.format(hour="(extract(epoch FROM h.at)::bigint / 3600)")}
    FROM datastreams d,
         generate_series(CAST(:first AS timestamptz), :last, interval '1 hour') AS h(at)
    WHERE d.id BETWEEN :lowest AND :highest
    """,
    """
    INSERT INTO observation_days
    SELECT datastream, (phenomenon_at AT TIME ZONE :zone)::date, count(*), sum(value), min(value),
           max(value), (array_agg(value ORDER BY phenomenon_at DESC))[1], max(phenomenon_at)
    FROM observations WHERE datastream BETWEEN :lowest AND :highest
      AND phenomenon_at BETWEEN :first AND :last
    GROUP BY 1, 2
    """,
)
_SQLITE = (
    f"""
    WITH RECURSIVE hours(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hours WHERE n + 1 < :hours)
    INSERT INTO observations (datastream, phenomenon_at, known_at, value)
    SELECT d.id, strftime('%Y-%m-%d %H:%M:%S.000000', :first, '+' || n || ' hours'),
           strftime('%Y-%m-%d %H:%M:%S.000000', :first, '+' || n || ' hours', '+1 minute'),
           {_VALUE.format(hour="n")}
    FROM datastreams d, hours WHERE d.id BETWEEN :lowest AND :highest
    """,
    """
    INSERT INTO observation_days (datastream, day, count, sum, lowest, highest, last_at, last)
    SELECT d.*, o.value
    FROM (
        SELECT datastream AS stream, date(phenomenon_at, :ahead) AS day, count(*), sum(value),
               min(value), max(value), max(phenomenon_at) AS last_at
        FROM observations WHERE datastream BETWEEN :lowest AND :highest
        GROUP BY 1, 2
    ) d JOIN observations o ON o.datastream = d.stream AND o.phenomenon_at = d.last_at
    """,
)
