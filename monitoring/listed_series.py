"""Pages of series and of alerts by their place in the whole, as NGSI-LD asks for them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import AlertView
from monitoring.alert_lists import row_view
from monitoring.alert_models import Alert
from monitoring.models import Datastream
from monitoring.streams import Stream


def series_page(
    session: Session, indicators: Collection[str], offset: int, limit: int
) -> Sequence[Stream]:
    """Series of those indicators, those made first ahead."""
    query = (
        select(Datastream.id, Datastream.indicator, Datastream.unit_key, Datastream.source)
        .where(Datastream.indicator.in_(list(indicators)))
        .order_by(Datastream.id)
    )
    return [Stream(*row) for row in session.execute(query.offset(offset).limit(limit))]


def count_series(session: Session, indicators: Collection[str]) -> int:
    """How many series of those indicators there are."""
    query = select(func.count()).select_from(Datastream)
    return session.scalar(query.where(Datastream.indicator.in_(list(indicators)))) or 0


def alerts_page(session: Session, offset: int, limit: int) -> Sequence[AlertView]:
    """Alerts, the newest first; whether they are muted is not looked for."""
    query = select(Alert).order_by(Alert.number.desc()).offset(offset).limit(limit)
    return [row_view(row, ()) for row in session.scalars(query)]
