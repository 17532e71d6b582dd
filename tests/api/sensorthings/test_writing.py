"""POST and PATCH: observations, data arrays, corrections, series; and what is refused."""

from datetime import timedelta

from accounts.roles import Role
from tests.api.sensorthings.conftest import INDICATOR, SOURCE, TODAY, UNIT, Things

AT = (TODAY - timedelta(days=1)).isoformat()


def of(stream: int, result: object, at: str | None = AT, **more: object) -> dict[str, object]:
    time = {} if at is None else {"phenomenonTime": at}
    return {"result": result, "Datastream": {"@iot.id": stream}, **time, **more}


def test_what_is_posted_is_read_again_and_a_repetition_is_no_news(things: Things) -> None:
    stream = things.a_stream()

    first = things.post("/Observations", of(stream, 7))
    again = things.post(f"/Datastreams({stream})/Observations", {"result": 7, "phenomenonTime": AT})
    told = things.ok(first.headers["Location"].partition("/v1.1")[2])

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["Location"] == again.headers["Location"] == told["@iot.selfLink"]
    assert told["result"] == 7
    assert things.values("/Observations") == [7]


def test_without_a_time_it_is_now_and_of_a_span_its_beginning_counts(things: Things) -> None:
    stream = things.a_stream()

    things.post("/Observations", of(stream, 1, None))
    things.post("/Observations", of(stream, 2, f"{AT}/{TODAY.isoformat()}"))

    times = [each["phenomenonTime"] for each in things.ok("/Observations")["value"]]
    assert times == [each.replace("+00:00", "Z") for each in (AT, TODAY.isoformat())]


def test_what_is_told_at_another_hour_of_the_day_is_the_days_value_corrected(
    things: Things,
) -> None:
    stream = things.a_stream()
    at = [(TODAY + timedelta(hours=hours)).isoformat() for hours in (0, 1, 2, 3)]

    first, later = (things.post("/Observations", of(stream, n, at[n])) for n in (1, 2))
    (many,) = things.post("/CreateObservations", [
        {"Datastream": {"@iot.id": stream}, "components": ["phenomenonTime", "result"],
         "dataArray": [[at[3], 3]]},
    ]).json  # fmt: skip
    link = first.headers["Location"]
    whole = things.send("PUT", link.partition("/v1.1")[2], of(stream, 4, at[1]))

    assert link == later.headers["Location"] == many
    told = whole.json["phenomenonTime"], whole.json["result"]
    assert told == (at[0].replace("+00:00", "Z"), 4)
    assert things.values("/Observations") == [4]


def test_what_this_system_counts_is_taken_from_nobody(things: Things) -> None:
    stream = things.a_stream("hotline.calls_in", None)  # of an agency

    refused = things.post("/Observations", of(stream, 1))
    made = things.post("/Datastreams", {
        "Thing": {"@iot.id": "bac_lieu"}, "Sensor": {"@iot.id": SOURCE},
        "ObservedProperty": {"@iot.id": "hotline.calls_in"},
    })  # fmt: skip

    assert (refused.status_code, "counted_here" in refused.text) == (400, True)
    assert made.status_code == 403


def test_a_value_in_another_measure_is_converted(things: Things) -> None:
    stream = things.a_stream("security.cameras_online")

    made = things.post("/Observations", of(stream, 0.25, parameters={"unit": "ratio"}))

    assert made.json["result"] == 25


def test_a_correction_keeps_the_address_and_is_known_from_then_on(things: Things) -> None:
    stream = things.a_stream()
    link = things.post("/Observations", of(stream, 7)).headers["Location"].partition("/v1.1")[2]
    things.api.now += timedelta(hours=1)

    patched = things.send("PATCH", link, {"result": 8})
    by_steps = things.send(
        "PATCH", link, [{"op": "replace", "path": "/result", "value": 9}],
        **{"Content-Type": "application/json-patch+json"},
    )  # fmt: skip
    whole = things.send("PUT", link, of(stream, 10))

    assert [each.json["result"] for each in (patched, by_steps, whole)] == [8, 9, 10]
    told = things.ok(link)
    assert told["result"] == 10
    assert told["resultTime"].startswith(f"{things.api.now:%Y-%m-%dT%H:%M:%S}")


def test_data_arrays_store_the_good_and_tell_the_bad(things: Things) -> None:
    stream, ours = things.a_stream(), things.a_stream("hotline.calls_in", None, "system")
    rows = [[AT, 5], ["2026-01-01T00:00:00", 1], [AT, "x"], ["2099-01-01T00:00:00Z", 1], [1]]

    answer = things.post("/CreateObservations", [
        {"Datastream": {"@iot.id": stream}, "components": ["phenomenonTime", "result"],
         "dataArray": rows},
        {"Datastream": {"@iot.id": ours}, "components": ["result"], "dataArray": [[1]]},
        {"Datastream": {"@iot.id": 99999}, "components": ["result"], "dataArray": [[1]]},
    ])  # fmt: skip

    assert answer.status_code == 201
    good, *bad = answer.json
    assert things.ok(good.partition("/v1.1")[2])["result"] == 5
    assert all(each.startswith("error: ") for each in bad) and len(bad) == 6
    assert "zone" in bad[0] and "future" in bad[2] and "99999" in bad[5]


def test_a_series_is_made_once_of_what_exists(things: Things) -> None:
    body = {
        "name": "any", "description": "any", "observationType": "any",
        "unitOfMeasurement": {"name": "vụ", "symbol": "vụ", "definition": ""},
        "Thing": {"@iot.id": UNIT}, "Sensor": {"@iot.id": SOURCE},
        "ObservedProperty": {"@iot.id": INDICATOR},
    }  # fmt: skip

    first, again = things.post("/Datastreams", body), things.post("/Datastreams", body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["Location"] == again.headers["Location"]
    for name, wrong in (
        ("Thing", {"@iot.id": "2025:99999"}),
        ("Thing", {"name": "deep"}),
        ("Sensor", {"@iot.id": "system"}),
        ("ObservedProperty", {"@iot.id": "security.nothing"}),
        ("unitOfMeasurement", {"symbol": "km/h"}),
    ):
        refused = things.post("/Datastreams", {**body, name: wrong})
        assert refused.status_code == 400, name


def test_what_cannot_be_is_refused_and_nothing_is_stored(things: Things) -> None:
    stream, ours = things.a_stream(), things.a_stream("hotline.calls_in", None, "system")
    things.observed(stream, [3])
    link = things.ok("/Observations")["value"][0]["@iot.selfLink"].partition("/v1.1")[2]
    posts = [
        ("/Observations", of(stream, "7"), 400, "number"),
        ("/Observations", of(stream, True), 400, "number"),
        ("/Observations", of(stream, 10**400), 400, "number"),
        ("/Observations", of(stream, -1), 400, "too_low"),
        ("/Observations", of(stream, 1, "2026-11-01T00:00:00"), 400, "zone"),
        ("/Observations", of(stream, 1, "2099-01-01T00:00:00Z"), 400, "future"),
        ("/Observations", of(stream, 1, "1999-01-01T00:00:00Z"), 400, "before_2000"),
        ("/Observations", of(stream, 1, parameters={"unit": "km/h"}), 400, "unlike_unit"),
        ("/Observations", of(999, 1), 404, "999"),
        ("/Observations", of(10**12, 1), 400, "Datastream"),
        ("/Observations", of(ours, 1), 403, "itself"),
        ("/Observations", {"result": 1}, 400, "Datastream"),
        ("/Observations", [1], 400, "an observation"),
        (f"/Datastreams({stream})/Observations", of(ours, 1), 400, "address"),
        ("/Things", {"name": "x"}, 405, "pack"),
        ("/CreateObservations", {}, 400, "a list"),
        ("/CreateObservations", [{"components": ["x"], "dataArray": []}], 400, "result"),
    ]  # fmt: skip

    for path, body, status, said in posts:
        answer = things.post(path, body)
        assert (answer.status_code, said in answer.json["message"]) == (status, True), answer.text
    spoilt = things.api.client.post(
        "/v1.1/Observations", data=b'{"result": NaN}', headers=things.api.headers
    )
    assert spoilt.status_code == 400
    for changes in ({"result": None}, {}, {"phenomenonTime": TODAY.isoformat(), "result": 1},
                    {"colour": 1, "result": 1}):  # fmt: skip
        assert things.send("PATCH", link, changes).status_code == 400
    deleted = things.send("DELETE", link, None)
    assert (deleted.status_code, deleted.headers["Allow"]) == (
        405,
        "GET, HEAD, OPTIONS, PATCH, PUT",
    )
    assert things.values("/Observations") == [3]


def test_reading_and_writing_take_scopes_of_their_own(things: Things) -> None:
    stream = things.a_stream()

    nobody = things.api.client.get("/v1.1/Things")
    things.api.enter(Role.AUDITOR)
    reads, writes = things.get("/Things"), things.post("/Observations", of(stream, 1))
    things.api.enter(Role.SUPERVISOR, scopes=["observations.write"])
    only_writes = things.post("/Observations", of(stream, 1)), things.get("/Things")
    basic = things.api.client.get("/v1.1/Things", auth=("anybody", things.api.secret))

    assert (nobody.status_code, nobody.json["code"]) == (401, 401)
    assert (reads.status_code, writes.status_code) == (200, 403)
    assert [each.status_code for each in only_writes] == [201, 403]
    assert basic.status_code == 403  # known by the token in place of a password


def test_half_a_character_is_told_back_without_harm(things: Things) -> None:
    stream = things.a_stream()

    one = things.post("/Observations", of(stream, 1, parameters={"unit": "\ud800"}))
    many = things.post("/CreateObservations", [
        {"Datastream": {"@iot.id": stream}, "components": ["result", "parameters"],
         "dataArray": [[1, {"unit": "\ud800"}], [1, {"unit": "\x00"}]]},
    ])  # fmt: skip

    assert (one.status_code, many.status_code) == (400, 201)
    assert all("unknown_unit" in each for each in many.json)
