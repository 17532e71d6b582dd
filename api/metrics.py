"""/metrics for Prometheus: requests as they happen, business figures counted at each scrape."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum

import structlog
from apiflask import APIFlask
from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.problems import request_id
from ivr.models import Call, CallStatus
from ivr.orphans import orphaned
from notifications.models import Message, MessageStatus
from notifications.trouble import sms_trouble
from reports.models import (
    Alarm,
    Callback,
    CallbackState,
    Report,
    ReportStatus,
    Transcript,
    TranscriptStatus,
)
from storage.database import reading

log = structlog.get_logger()

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNMATCHED = "unmatched"
ON_ASTERISK = "agi"  # the driver whose servers give signs of life

_COUNTED: tuple[tuple[str, str, InstrumentedAttribute[str], type[StrEnum]], ...] = (
    ("hotline_calls", "Calls by status", Call.status, CallStatus),
    ("hotline_reports", "Field reports by status", Report.status, ReportStatus),
    ("hotline_transcripts", "Transcripts by status", Transcript.status, TranscriptStatus),
    ("hotline_messages", "SMS of the outbox by status", Message.status, MessageStatus),
    ("hotline_callbacks", "Calls that are owed, by state", Callback.state, CallbackState),
)


class _Business(Collector):
    """Counted from the tables, so that every process tells the same and restarts lose nothing."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("hotline_database_up", "1 while the database answers")
        try:
            with reading(self._engine) as session:
                families = list(_families(session))
                families += _sms(session, self._clock())
            families.append(self._orphans())
        except SQLAlchemyError as error:
            log.error("database not counted", error=type(error).__name__)
            families = []
        up.add_metric([], 1.0 if families else 0.0)
        return [up, *families]

    def _orphans(self) -> Metric:
        family = GaugeMetricFamily(
            "hotline_calls_orphaned", "Calls in progress whose server has given no sign of life"
        )
        family.add_metric([], len(orphaned(self._engine, ON_ASTERISK, self._clock())))
        return family


def _sms(session: Session, now: datetime) -> Iterator[Metric]:
    """Whoever watches these learns without any SMS that none goes."""
    found = sms_trouble(session, now)
    failing = GaugeMetricFamily("hotline_sms_failing", "1 while the provider takes no SMS")
    failing.add_metric([], 0.0 if found is None or found.failing_since is None else 1.0)
    yield failing
    unheard = GaugeMetricFamily(
        "hotline_sms_alarms_unheard", "Alarms that should have reached staff by SMS and have not"
    )
    unheard.add_metric([], 0 if found is None else found.alarms)
    yield unheard


def _families(session: Session) -> Iterator[Metric]:
    for name, meaning, column, statuses in _COUNTED:
        family = GaugeMetricFamily(name, meaning, labels=["status"])
        rows = session.execute(select(column, func.count()).group_by(column))
        # A status without rows is told as 0: alerts cannot watch what is absent.
        counts: dict[str, int] = {str(status): 0 for status in statuses}
        counts.update((status, count) for status, count in rows)
        for status, count in counts.items():
            family.add_metric([status], count)
        yield family
    unseen = GaugeMetricFamily("hotline_alarms_unseen", "Alarms that no member of staff has seen")
    open_alarms = select(func.count()).where(Alarm.seen_at.is_(None), Alarm.withdrawn_at.is_(None))
    unseen.add_metric([], session.scalar(open_alarms) or 0)
    yield unseen


def register_metrics(app: APIFlask, engine: Engine, clock: Callable[[], datetime]) -> None:
    """Serve /metrics, measure each request and log it in one line without its path.

    The registry lives in this process: the web server runs one process of many threads.
    """
    registry = CollectorRegistry()
    registry.register(_Business(engine, clock))
    requests = Counter(
        "hotline_http_requests", "Requests", ["method", "route", "status"], registry=registry
    )
    durations = Histogram(
        "hotline_http_request_seconds", "Seconds to answer", ["route"], registry=registry
    )

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _measure(response: Response) -> Response:
        took_s = time.perf_counter() - g.started
        # The route's pattern, never the path: paths hold references and whatever people type.
        route = request.url_rule.rule if request.url_rule else _UNMATCHED
        method = request.method if request.method in _METHODS else "other"
        requests.labels(method, route, response.status_code).inc()
        durations.labels(route).observe(took_s)
        log.info(
            "request",
            request=request_id(),
            method=method,
            route=route,
            status=response.status_code,
            took_ms=round(took_s * 1000, 1),
        )
        return response

    @app.get("/metrics")
    @app.doc(hide=True)
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
