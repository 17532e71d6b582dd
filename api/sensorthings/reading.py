"""Answers to GET: one entity, a page of a collection, what is told within them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from api.sensorthings.addresses import Step
from api.sensorthings.declared import Declared
from api.sensorthings.errors import Refused, quoted
from api.sensorthings.filters import Compare, Condition, joined
from api.sensorthings.kinds import MEMBERS, WAYS, Entity, Id, Kind, Way
from api.sensorthings.listed import chosen
from api.sensorthings.options import Expand, Mark, Options, write_mark
from api.sensorthings.stored import Stored

IN_MEMORY = frozenset({Kind.THINGS, Kind.LOCATIONS, Kind.SENSORS, Kind.PROPERTIES})
MOST_EXPANDED = 100  # entities of a page that tell a collection within them
CONFORMANCE = (
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array",
)


@dataclass(frozen=True)
class Collection:
    """What an address of many means. `condition` is what the way there demands."""

    kind: Kind
    condition: Condition | None = None


@dataclass(frozen=True)
class Member:
    """One plain member of an entity; `bare`: without anything around it."""

    entity: Entity
    name: str
    bare: bool


class Entities:
    """All entities of a province, as they are told below `root`, an address without a slash."""

    def __init__(self, declared: Declared, stored: Stored, session: Session, root: str) -> None:
        self._declared = declared
        self._stored = stored
        self._session = session
        self._root = root
        # A page of observations is of a few series: each is looked up once.
        self._streams: dict[Id, Entity | None] = {}

    def at(self, steps: Sequence[Step]) -> Collection | Entity | Member:
        """What stands at the end of the steps.

        Raises:
            Refused: there is no such entity, or no such way.
        """
        first, *rest = steps
        if first.name not in set(Kind):
            known = ", ".join(Kind)
            raise _nothing(f"expected one of {known}, found {quoted(first.name)}")
        here = self._enter(Collection(Kind(first.name)), first)
        for place, step in enumerate(rest):
            if isinstance(here, Collection):
                raise _nothing(f"expected {here.kind}(id) before {quoted(step.name)}")
            if step.name in MEMBERS[here.kind] and step.id is None:
                after = rest[place + 1 :]
                if after not in ([], [Step("$value")]):
                    raise _nothing(f"expected nothing after {step.name}, or $value")
                return Member(here, step.name, bool(after))
            here = self._enter(self._along(here, step.name), step)
        return here

    def page(
        self, asked: Collection, options: Options, path: str, given: Sequence[tuple[str, str]]
    ) -> dict[str, Any]:
        """A page of a collection; `path` and `given` are what the request was asked with."""
        found, mark = self._page(asked, options)
        told: dict[str, Any] = {}
        if options.count:
            told["@iot.count"] = self._count(asked, options)
        if mark is not None:
            told["@iot.nextLink"] = self._next(path, given, mark)
        told["value"] = found
        return told

    def told(self, entity: Entity, options: Options) -> dict[str, Any]:
        """The entity as JSON."""
        address = f"{self._root}/{entity.address}"
        whole: dict[str, Any] = {"@iot.id": entity.id, "@iot.selfLink": address, **entity.members}
        ways = WAYS[entity.kind]
        wanted = options.select
        if wanted is not None:
            _check_names(entity.kind, wanted)
            names = {"@iot.id" if name == "id" else name for name in wanted}
            whole = {name: value for name, value in whole.items() if name in names}
        expanded = {each.navigation: each for each in options.expand}
        for name, way in ways.items():
            if name in expanded:
                whole |= self._within(entity, name, way, expanded.pop(name))
            elif wanted is None or name in wanted:
                whole[f"{name}@iot.navigationLink"] = f"{address}/{name}"
        if expanded:
            raise Refused(
                f"$expand: expected one of {', '.join(ways)} of {entity.kind}, "
                f"found {quoted(next(iter(expanded)))}"
            )
        return whole

    def find(self, kind: Kind, id: Id, condition: Condition | None = None) -> Entity:
        """The one of that id, if the condition holds for it.

        Raises:
            Refused: there is none such.
        """
        found = self._find(kind, id, condition)
        if found is None:
            raise _nothing(f"there is no {kind}({quoted(id)})")
        return found

    def _find(self, kind: Kind, id: Id, condition: Condition | None = None) -> Entity | None:
        if kind is Kind.DATASTREAMS and condition is None:
            if id not in self._streams:
                self._streams[id] = self._stored.find(self._session, kind, id)
            return self._streams[id]
        if kind not in IN_MEMORY:
            return self._stored.find(self._session, kind, id, condition)
        found = self._declared.find(kind, id)
        if found is None or condition is None:
            return found
        page, _, _ = chosen([found], condition, Options())
        return next(iter(page), None)

    def _enter(self, here: Collection | Entity, step: Step) -> Collection | Entity:
        if step.id is None:
            return here
        if isinstance(here, Entity):
            raise _nothing(f"expected no id behind {step.name}: it leads to one")
        return self.find(here.kind, step.id, here.condition)

    def _along(self, entity: Entity, name: str) -> Collection | Entity:
        way = WAYS[entity.kind].get(name)
        if way is None:
            known = ", ".join((*WAYS[entity.kind], *MEMBERS[entity.kind]))
            raise _nothing(f"expected one of {known} of {entity.kind}, found {quoted(name)}")
        if way.back is None:
            return self.find(way.target, entity.refs[name])
        return Collection(way.target, Compare(way.back, "eq", entity.id))

    def _page(
        self, asked: Collection, options: Options
    ) -> tuple[list[dict[str, Any]], Mark | None]:
        many = any(
            (way := WAYS[asked.kind].get(each.navigation)) is not None and way.back is not None
            for each in options.expand
        )
        if many:  # each of them takes a query of its own
            options = replace(options, top=min(options.top, MOST_EXPANDED))
        condition = joined(asked.condition, options.condition)
        mark: Mark | None
        if asked.kind in IN_MEMORY:
            page, _, mark = chosen(self._declared.all(asked.kind), condition, options)
        else:
            page, mark = self._stored.page(self._session, asked.kind, condition, options)
        return [self.told(each, options) for each in page], mark

    def _count(self, asked: Collection, options: Options) -> int:
        condition = joined(asked.condition, options.condition)
        if asked.kind in IN_MEMORY:
            _, count, _ = chosen(self._declared.all(asked.kind), condition, Options())
            return count
        return self._stored.count(self._session, asked.kind, condition)

    def _within(self, entity: Entity, name: str, way: Way, expand: Expand) -> dict[str, Any]:
        options = expand.options
        if way.back is None:
            # What the pack no longer has is told as nothing, and hides no figure.
            one = self._find(way.target, entity.refs[name])
            return {name: None if one is None else self.told(one, options)}
        there = Collection(way.target, Compare(way.back, "eq", entity.id))
        found, mark = self._page(there, options)
        told: dict[str, Any] = {name: found}
        if options.count:
            told[f"{name}@iot.count"] = self._count(there, options)
        if mark is not None:
            # What was asked within parentheses is asked of the collection itself from there on.
            path = f"{entity.address}/{name}"
            told[f"{name}@iot.nextLink"] = self._next(path, expand.given, mark)
        return told

    def _next(self, path: str, given: Sequence[tuple[str, str]], mark: Mark) -> str:
        kept = [(name, value) for name, value in given if name not in ("$skip", "$skiptoken")]
        asked = urlencode([*kept, ("$skiptoken", write_mark(mark))], safe="$,/()':@")
        return f"{self._root}/{path}?{asked}"


def root_document(root: str) -> Mapping[str, Any]:
    """Where the collections are, and what of the standard is served."""
    return {
        "value": [{"name": kind.value, "url": f"{root}/{kind}"} for kind in Kind],
        "serverSettings": {"conformance": list(CONFORMANCE)},
    }


def _check_names(kind: Kind, names: Sequence[str]) -> None:
    known = {"id", "@iot.id", "@iot.selfLink", *MEMBERS[kind], *WAYS[kind]}
    for name in names:
        if name not in known:
            raise Refused(f"$select: expected names of {kind}, found {quoted(name)}")


def _nothing(message: str) -> Refused:
    return Refused(message, HTTPStatus.NOT_FOUND)
