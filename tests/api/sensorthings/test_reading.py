"""GET: collections, single entities, ways between them, options."""

from datetime import timedelta

from api.sensorthings.stored import observation_id
from tests.api.sensorthings.conftest import INDICATOR, SOURCE, TODAY, UNIT, Things, escaped


def test_the_root_lists_the_collections_and_each_answers(things: Things) -> None:
    told = things.ok("/")["value"]

    assert [each["name"] for each in told] == [
        "Things", "Locations", "Sensors", "ObservedProperties", "Datastreams", "Observations",
    ]  # fmt: skip
    for each in told:
        answer = things.ok("/" + each["url"].rpartition("/")[2] + "?$top=2&$count=true")
        assert answer["@iot.count"] >= len(answer["value"])


def test_a_series_leads_to_its_thing_sensor_and_property(things: Things) -> None:
    stream = things.a_stream()

    told = things.ok(f"/Datastreams({stream})")
    thing = things.ok(f"/Datastreams({stream})/Thing")
    place = things.ok(f"/Datastreams({stream})/Thing/Locations")["value"][0]
    sensor = things.ok(f"/Datastreams({stream})/Sensor")
    measured = things.ok(f"/Datastreams({stream})/ObservedProperty")

    assert told["name"] == f"{INDICATOR}/{UNIT}/{SOURCE}"
    assert told["unitOfMeasurement"]["symbol"] == "vụ"
    assert told["Observations@iot.navigationLink"].endswith(f"/Datastreams({stream})/Observations")
    assert (thing["@iot.id"], thing["name"]) == (UNIT, "Phường Bạc Liêu")
    assert place["location"]["type"] == "Point"
    assert (sensor["@iot.id"], measured["@iot.id"]) == (SOURCE, INDICATOR)
    back = things.ok(f"/Things('{UNIT}')/Datastreams")["value"]
    assert [each["@iot.id"] for each in back] == [stream]


def test_every_link_of_every_kind_leads_somewhere(things: Things) -> None:
    stream = things.a_stream()
    things.a_stream(unit=None)
    things.observed(stream, [1])

    for name in ("Things", "Locations", "Sensors", "ObservedProperties", "Datastreams",
                 "Observations"):  # fmt: skip
        for told in things.ok(f"/{name}?$top=3")["value"]:
            links = [told["@iot.selfLink"], *(v for k, v in told.items() if "Link" in k)]
            for link in links:
                things.ok(link.partition("/v1.1")[2])


CONDITIONS = {
    "result gt 2": [3, 4, 9],
    "result ge 2 and result lt 4": [2, 3],
    "result eq 1 or result eq 4": [1, 4],
    "not (result eq 1 or result eq 4)": [2, 3, 9],
    "3 lt result": [4, 9],
    "result ne 2.5": [1, 2, 3, 4, 9],
    "phenomenonTime ge {third:%Y-%m-%dT%H:%M:%SZ}": [3, 4],
    "phenomenonTime ge {local:%Y-%m-%d}T00:00:00+07:00": [3, 4],
    "phenomenonTime lt '{third:%Y-%m-%dT%H:%M:%SZ}'": [1, 2, 9],
    "resultTime gt 2030-01-01T00:00:00Z": [],
    "Datastream/id eq {stream}": [1, 2, 3, 4],
    "Datastream/@iot.id eq {stream} and result eq 2": [2],
    "Datastream/Thing/id eq '2025:31825'": [1, 2, 3, 4],
    "Datastream/Thing/id ne '2025:31825'": [9],
    "Datastream/Thing/id eq 'bac_lieu'": [9],
    "Datastream/ObservedProperty/id eq 'security.cases' and result eq 3": [3],
    "startswith(Datastream/name, 'security.cases/2025')": [1, 2, 3, 4],
    "substringof('bac_lieu', Datastream/name)": [9],
    "Datastream/Sensor/id eq 'o''brien'": [],
    "result eq null": [],
    "id eq 7": [],
    "id eq '{id}'": [2],
    "id ne '{id}' and Datastream/id eq {stream}": [1, 3, 4],
}


def test_observations_are_found_by_conditions(things: Things) -> None:
    stream, whole = things.a_stream(), things.a_stream(unit=None)
    days = [TODAY - timedelta(days=5 - n) for n in range(5)]
    things.observed(stream, {days[n]: n for n in (1, 2, 3, 4)})
    things.observed(whole, {TODAY - timedelta(days=9): 9})
    known = {
        "stream": stream,
        "third": days[3],
        "local": days[3] + timedelta(hours=7),
        "id": observation_id(stream, days[2]),
    }

    found = {
        condition: sorted(
            things.values("/Observations?$filter=" + escaped(condition.format(**known)))
        )
        for condition in CONDITIONS
    }

    assert found == CONDITIONS


def test_next_links_tell_every_observation_once(things: Things) -> None:
    stream = things.a_stream()
    things.observed(stream, [1, 2, 2, 2, 5])

    for order in ("", "&$orderby=phenomenonTime desc", "&$orderby=result",
                  "&$orderby=result DESC,phenomenonTime asc"):  # fmt: skip
        for way in (f"/Datastreams({stream})/Observations?", "/Observations?"):
            whole = things.values(way + "$top=100" + order)
            path, told = way + "$top=2" + order, []
            while path:
                page = things.ok(path)
                told += [each["result"] for each in page["value"]]
                path = page.get("@iot.nextLink", "").partition("/v1.1")[2]
            assert (len(whole), told) == (5, whole)


def test_skip_count_and_select_are_as_asked(things: Things) -> None:
    stream = things.a_stream()
    things.observed(stream, [1, 2, 3])

    told = things.ok(f"/Datastreams({stream})/Observations?$skip=1&$top=1&$count=true"
                     "&$select=result,id")  # fmt: skip

    nothing = things.ok("/Things?$top=0&$count=true")
    assert (nothing["value"], nothing["@iot.count"] > 25) == ([], True)
    assert "@iot.nextLink" not in nothing
    assert told["@iot.count"] == 3
    assert [set(each) for each in told["value"]] == [{"result", "@iot.id"}]
    assert told["value"][0]["result"] == 2


def test_entities_are_told_within_one_another(things: Things) -> None:
    stream = things.a_stream()
    things.observed(stream, [1, 2, 3])

    told = things.ok(
        "/Datastreams?$expand=Thing/Locations,ObservedProperty($select=name),"
        "Observations($top=1;$orderby=phenomenonTime desc;$count=true)"
    )["value"][0]
    last = things.ok("/Observations?$top=1&$expand=Datastream/Sensor")["value"][0]

    assert [each["result"] for each in told["Observations"]] == [3]
    assert told["Observations@iot.count"] == 3
    assert told["Thing"]["Locations"][0]["@iot.id"] == UNIT
    assert set(told["ObservedProperty"]) == {"name"}
    assert last["Datastream"]["Sensor"]["@iot.id"] == SOURCE
    further = things.ok(told["Observations@iot.nextLink"].partition("/v1.1")[2])
    assert [each["result"] for each in further["value"]] == [2]


def test_things_are_found_by_name_and_property(things: Things) -> None:
    by_name = things.ok("/Things?$filter=" + escaped("contains(name,'Gành Hào') and "
                        "properties/current eq true or id eq 'bac_lieu'"))  # fmt: skip
    ordered = things.ok("/Sensors?$orderby=name desc&$top=100")["value"]

    assert {each["@iot.id"] for each in by_name["value"]} == {"2025:31972", "bac_lieu"}
    names = [each["name"] for each in ordered]
    assert names == sorted(names, reverse=True)


def test_a_member_is_told_by_itself(things: Things) -> None:
    stream = things.a_stream()
    things.observed(stream, [2.5])
    link = things.ok("/Observations")["value"][0]["@iot.selfLink"].partition("/v1.1")[2]

    assert things.ok(link + "/result") == {"result": 2.5}
    assert things.get(link + "/result/$value").text == "2.5"


REFUSED = [
    ("/Nothing", 404, "Datastreams"),
    ("/Datastreams(999999)", 404, "Datastreams(999999)"),
    ("/Datastreams('x')", 404, "'x'"),
    ("/Datastreams(99999999999999999)", 404, "Datastreams"),
    ("/Observations(9223372036854775807)", 404, "Observations"),
    ("/Observations('')", 404, "Observations"),
    ("/Things('2025:31825')/Nothing", 404, "Locations"),
    ("/Things/Datastreams", 404, "Things(id)"),
    ("/Things(')", 404, "expected a name"),
    ("/Observations?$filter=result", 400, "eq"),
    ("/Observations?$filter=result eq", 400, "the end"),
    ("/Observations?$filter=result eq 'x'", 400, "a number"),
    ("/Observations?$filter=phenomenonTime gt 2026-11-21T00:00:00", 400, "zone"),
    ("/Observations?$filter=colour eq 1", 400, "phenomenonTime"),
    ("/Observations?$filter=result eq 1 %26", 400, "expected"),
    ("/Observations?$filter=Datastream/id eq 99999999999", 400, "a whole number"),
    ("/Observations?$filter=result gt " + "9" * 400, 200, ""),
    ("/Observations?$filter=" + "(" * 40 + "result eq 1" + ")" * 40, 400, "levels"),
    ("/Observations?$filter=nothing(result,'x')", 400, "startswith"),
    ("/Observations?$orderby=result up", 400, "asc or desc"),
    ("/Observations?$orderby=colour", 400, "result"),
    ("/Observations?$top=-1", 400, "$top"),
    ("/Observations?$skip=999999", 400, "nextLink"),
    ("/Observations?$count=maybe", 400, "true or false"),
    ("/Observations?$skiptoken=zzz", 400, "$skiptoken"),
    ("/Observations?$skiptoken=W10", 400, "$skiptoken"),
    ("/Observations?$expand=Thing", 400, "Datastream"),
    ("/Observations?$select=colour", 400, "colour"),
    ("/Observations?$top=1&$top=2", 400, "once"),
    ("/Observations?$apply=x", 400, "$filter"),
    ("/Things?$filter=name gt 5", 400, "a text"),
    ("/Things?$filter=properties eq 5", 400, "plain value"),
]


def test_what_cannot_be_told_is_refused_in_the_standards_form(things: Things) -> None:
    things.observed(things.a_stream(), [1])

    for path, status, said in REFUSED:
        answer = things.get(path)
        assert answer.status_code == status, (path, answer.text)
        if status != 200:
            told = answer.json
            assert (told["code"], told["type"]) == (status, "error")
            assert said in told["message"], path
