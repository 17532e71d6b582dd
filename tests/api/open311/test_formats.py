"""Any text is well-formed in both forms, and comes out as it went in."""

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from api.open311.formats import JSON, XML, Document, respond


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_out_of_json_as_it_went_in(text: str) -> None:
    answer = respond(Document("errors", [{"code": 400, "description": text}]), JSON)

    assert json.loads(answer.data) == [{"code": 400, "description": text}]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_any_printed_text_comes_out_of_xml_as_it_went_in(text: str) -> None:
    answer = respond(Document("errors", [{"code": 400, "description": text}]), XML)

    assert (ElementTree.fromstring(answer.data).findtext("error/description") or "") == text


@given(st.text())
def test_no_text_breaks_xml(text: str) -> None:
    answer = respond(Document("discovery", {"contact": text}), XML)

    assert ElementTree.fromstring(answer.data).tag == "discovery"


def test_lists_name_their_elements_and_what_is_nothing_is_empty() -> None:
    values = {"key": "a", "name": None}
    document = Document("service_definition", {"attributes": [{"values": [values], "order": 1.5}]})

    assert respond(document, XML).data.decode().splitlines()[1] == (
        "<service_definition><attributes><attribute><values><value><key>a</key><name/></value>"
        "</values><order>1.5</order></attribute></attributes></service_definition>"
    )
