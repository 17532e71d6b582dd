"""How a page is made: the words of its language, addresses, moments in local time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, jsonify, render_template, request, url_for

from citizens.choices import category_name, place_name
from citizens.guard import TRAP, mark_of
from citizens.offline import STATIC_VERSION
from citizens.paths import LANGUAGES
from citizens.photos import MOST_PHOTOS, SHOWN_FOR_S, photo_mark
from citizens.services import CitizensServices
from citizens.wording import WORDING, has_wording, words
from provinces.retention import Kind
from reports.reference import spoken_reference
from reports.web_filing import MOST_WORDS

# What the script on the page says.
_OF_THE_SCRIPT = (
    "locating", "located", "unlocated", "photo_remove", "kept", "unsent", "waiting", "sending",
    "photos_waiting", "photo_lost", "refused", "edit", "send_now", "noted_down", "offline",
    "nothing_found", "found", "reference", "pin", "follow", "done", "done_note", "problem_photos",
    "kept_draft", "forget", "category_found", "due",
    "problem_place", "draft_first",
)  # fmt: skip
Say = Callable[..., str]


def language() -> str:
    """The language of the page that was asked for."""
    return str(g.get("language", LANGUAGES[0]))


def sayer(services: CitizensServices, tongue: str) -> Say:
    """Says a wording in that language, with what every wording may name."""
    province = services.province
    common = {
        "number": province.hotline_number,
        "province": province.names[tongue],
        "most": MOST_WORDS,
        "photos_most": MOST_PHOTOS,
        "numbers": province.retention[Kind.NUMBERS].days,
        "photos": province.retention[Kind.ATTACHMENTS].days,
    }

    def say(key: str, **more: object) -> str:
        return words(key, tongue, **(common | more))

    return say


def page(services: CitizensServices, template: str, status: int = 200, **values: Any) -> Response:
    """The page, kept by no cache but the one that its own script keeps."""
    tongue = language()
    province = services.province
    now = services.clock()
    say = sayer(services, tongue)

    def url(name: str, **more: object) -> str:
        return url_for(f"citizens_{tongue}.{name}", **more)  # type: ignore[arg-type]

    html = render_template(
        f"citizens/{template}",
        say=say,
        language=tongue,
        other_url=url_for(f"citizens_{_other(tongue)}.report"),
        other=_other(tongue),
        url=url,
        static=lambda name: url("static", filename=name, v=STATIC_VERSION),
        services=services,
        province=province,
        emergency=tuple(dict.fromkeys(danger.number for danger in province.dangers)),
        kept_days=province.retention[Kind.WORDS].days,
        began=mark_of(now),
        trap_name=TRAP,
        most_photos=MOST_PHOTOS,
        most_words=MOST_WORDS,
        script_words=script_words(tongue),
        spoken=spoken_reference,
        moment=lambda at: moment(services, at),
        status_words=lambda state: status_words(services, state, tongue),
        reason=lambda code: province.handling.rejected.get(code, {}).get(tongue, ""),
        pack_words=lambda key: province.wording[tongue].get(key, ""),
        category_name=lambda code: category_name(province, code, tongue),
        place_name=lambda place: place_name(province, place),
        photo_url=lambda photo: photo_url(url, photo, now),
        **values,
    )
    return _unshared(Response(html, status, content_type="text/html; charset=utf-8"))


def told(status: int, **values: Any) -> Response:
    """The same for the script: JSON."""
    response = jsonify(values)
    response.status_code = status
    return _unshared(response)


def wants_json() -> bool:
    """Whether the page's script asks, and no person."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def moment(services: CitizensServices, at: datetime) -> str:
    """In local time, written the same in both languages."""
    return f"{at.astimezone(services.province.timezone):%H:%M, %d/%m/%Y}"


def after(services: CitizensServices, now: datetime, wait_s: int) -> str:
    """The local time of day in `wait_s` seconds, rounded up to the minute."""
    at = (now + timedelta(seconds=wait_s + 59)).astimezone(services.province.timezone)
    return f"{at:%H:%M}"


def status_words(services: CitizensServices, status: str, tongue: str) -> str:
    """What a status is called to citizens, on the telephone and here."""
    return services.province.wording[tongue].get(f"status_{status}", status)


def photo_url(url: Say, photo: str, now: datetime) -> str:
    """An address that shows the photo for an hour."""
    until = int(now.timestamp()) + SHOWN_FOR_S
    return url("photo", photo=photo, until=until, mark=photo_mark(photo, until))


def problem_page(
    services: CitizensServices, status: int, tongue: str, name: str | None = None
) -> Response:
    """An error as a page, also of an address that no page of ours has; some have a `name`."""
    g.language = tongue
    keys = (f"problem_page_{name}", f"problem_page_{status}")
    key = next(filter(has_wording, keys), "problem_page")
    return page(services, "problem.html", status, key=key)


def script_words(tongue: str) -> Mapping[str, str]:
    """As they stand, placeholders included."""
    return {key: WORDING[key][tongue] for key in _OF_THE_SCRIPT}


def _other(tongue: str) -> str:
    return next(each for each in LANGUAGES if each != tongue)


def _unshared(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
