"""Routes of webhooks: who is told of what, what became of it, and once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from apiflask import APIBlueprint
from flask import Response, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.audit import record
from api import webhook_schemas as told
from api.auth import current_visitor
from api.documented import BAD_KEY
from api.errors import BadValue, NotFound, NotPossible
from api.idempotency import Answer, once
from api.openapi import SECURED
from api.services import ApiServices
from notifications.errors import BadDestination, BadSubscription, UnknownSubscription
from notifications.models import Delivery, Subscription
from notifications.webhooks import (
    Wanted,
    change_subscription,
    remove_disabled,
    replay,
    replay_failed,
    subscribe,
)
from storage.database import reading, transaction

_NONE = {404: "There is no such webhook, or no such delivery of it"}
_FORBIDDEN = {409: "Nothing may be sent there: plain http, or an internal network"}


def add_webhook_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Subscriptions, their deliveries, and replaying those."""

    @blueprint.get("/webhooks")
    @blueprint.output(told.WebhookList)
    @blueprint.doc(operation_id="listWebhooks", security=SECURED)
    def list_webhooks() -> told.WebhookList:
        """Every webhook, oldest first."""
        with reading(services.engine) as session:
            rows = session.scalars(
                select(Subscription).order_by(Subscription.created_at, Subscription.id)
            ).all()
        return told.WebhookList(webhooks=[_shown(row) for row in rows])

    @blueprint.post("/webhooks")
    @blueprint.input(told.NewWebhook)
    @blueprint.output(told.CreatedWebhook, status_code=201)
    @blueprint.doc(
        operation_id="createWebhook",
        security=SECURED,
        responses={**BAD_KEY, **_FORBIDDEN},
    )
    def create_webhook(json_data: told.NewWebhook) -> Response:
        """Be told of events at a URL, from now on. The secret is shown here and never again."""

        def work(session: Session, now: datetime) -> Answer:
            wanted = Wanted(
                json_data.url, tuple(json_data.events), json_data.name, json_data.secret
            )
            by = current_visitor().user
            with _told_as_http():
                row = subscribe(session, wanted, services.destinations, by, now)
            record(session, by, "webhook.created", "webhook", row.id, now)
            where = url_for("api.webhook", webhook_id=row.id)
            body = told.CreatedWebhook(**_shown(row).model_dump(), secret=row.secret)
            return Answer(body, 201, {"Location": where, "Cache-Control": "no-store"})

        return once(services, work)

    @blueprint.get("/webhooks/<webhook_id>")
    @blueprint.output(told.Webhook)
    @blueprint.doc(operation_id="getWebhook", security=SECURED, responses=_NONE)
    def webhook(webhook_id: str) -> told.Webhook:
        """One webhook, without its secret."""
        with reading(services.engine) as session:
            return _shown(_found(session, webhook_id))

    @blueprint.patch("/webhooks/<webhook_id>")
    @blueprint.input(told.WebhookChange)
    @blueprint.output(told.Webhook)
    @blueprint.doc(
        operation_id="changeWebhook",
        security=SECURED,
        responses={**_NONE, **BAD_KEY, **_FORBIDDEN},
    )
    def change_webhook(webhook_id: str, json_data: told.WebhookChange) -> Response:
        """Change where it goes, what it tells, or whether it is sent at all."""

        def work(session: Session, now: datetime) -> Answer:
            with _told_as_http():
                row = change_subscription(
                    session, _id(webhook_id), services.destinations, now, **json_data.model_dump()
                )
            by = current_visitor().user
            record(session, by, "webhook.changed", "webhook", row.id, now)
            return Answer(_shown(row))

        return once(services, work)

    @blueprint.delete("/webhooks/<webhook_id>")
    @blueprint.output({}, status_code=204)
    @blueprint.doc(operation_id="removeWebhook", security=SECURED, responses=_NONE)
    def remove_webhook(webhook_id: str) -> tuple[str, int]:
        """Remove a webhook; what waits for it is not sent."""
        now = services.clock()
        with transaction(services.engine) as session:
            with _told_as_http():  # from now on nothing is added to what has to be removed
                change_subscription(
                    session, _id(webhook_id), services.destinations, now, enabled=False
                )
            by = current_visitor().user
            record(session, by, "webhook.removed", "webhook", webhook_id, now)
        remove_disabled(services.engine, webhook_id)
        return "", 204

    @blueprint.get("/webhooks/<webhook_id>/deliveries")
    @blueprint.input(told.DeliveryQuery, location="query")
    @blueprint.output(told.DeliveryList)
    @blueprint.doc(operation_id="listDeliveries", security=SECURED, responses=_NONE)
    def list_deliveries(webhook_id: str, query_data: told.DeliveryQuery) -> told.DeliveryList:
        """What was sent, newest first, and what became of it; kept for a month."""
        with reading(services.engine) as session:
            query = (
                select(Delivery)
                .where(Delivery.subscription_id == _found(session, webhook_id).id)
                .order_by(Delivery.created_at.desc(), Delivery.id)
                .limit(query_data.limit)
            )
            if query_data.state is not None:
                query = query.where(Delivery.state == query_data.state)
            rows = session.scalars(query).all()
        return told.DeliveryList(deliveries=[_delivery(row) for row in rows])

    @blueprint.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/replay")
    @blueprint.output(told.Delivery, status_code=202)
    @blueprint.doc(
        operation_id="replayDelivery",
        security=SECURED,
        responses={**_NONE, **BAD_KEY},
    )
    def replay_delivery(webhook_id: str, delivery_id: str) -> Response:
        """Send something once more, under the same id, whatever became of it."""

        def work(session: Session, now: datetime) -> Answer:
            with _told_as_http():
                row = replay(session, _id(webhook_id), _id(delivery_id), now)
            return Answer(_delivery(row), 202)

        return once(services, work)

    @blueprint.post("/webhooks/<webhook_id>/replay")
    @blueprint.input(told.Replay)
    @blueprint.output(told.Replayed, status_code=202)
    @blueprint.doc(
        operation_id="replayDeliveries",
        security=SECURED,
        responses={**_NONE, **BAD_KEY},
    )
    def replay_deliveries(webhook_id: str, json_data: told.Replay) -> Response:
        """Send once more all that was given up since a moment."""

        def work(session: Session, now: datetime) -> Answer:
            with _told_as_http():
                count = replay_failed(session, _id(webhook_id), json_data.since, now)
            return Answer(told.Replayed(deliveries=count), 202)

        return once(services, work)


@contextmanager
def _told_as_http() -> Iterator[None]:
    try:
        yield
    except UnknownSubscription as error:
        raise NotFound(str(error)) from error
    except BadDestination as error:
        raise NotPossible(f"url: {error}") from error
    except BadSubscription as error:
        raise BadValue(str(error)) from error


def _found(session: Session, webhook_id: str) -> Subscription:
    row = session.get(Subscription, _id(webhook_id))
    if row is None:
        raise NotFound("no such webhook")
    return row


def _id(text: str) -> str:
    return text if len(text) <= 32 and text.isascii() and text.isalnum() else ""


def _shown(row: Subscription) -> told.Webhook:
    return told.Webhook.model_validate(
        {name: getattr(row, name) for name in told.Webhook.model_fields}
        | {"events": row.events.split()}
    )


def _delivery(row: Delivery) -> told.Delivery:
    return told.Delivery.model_validate(row, from_attributes=True)
