"""Addresses of the pages: each language has its own, and a page is known by one name in all."""

from collections.abc import Mapping

LANGUAGES = ("vi", "en")
PREFIXES: Mapping[str, str] = {"vi": "/phan-anh", "en": "/en/report"}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "send": {"vi": "gui", "en": "send"},
    "suggest": {"vi": "goi-y", "en": "suggest"},
    "choices": {"vi": "lua-chon.json", "en": "choices.json"},
    "follow": {"vi": "theo-doi", "en": "follow"},
    "add": {"vi": "bo-sung", "en": "add"},
    "reopen": {"vi": "mo-lai", "en": "reopen"},
    "rate": {"vi": "danh-gia", "en": "rate"},
    "me_too": {"vi": "cung-gap", "en": "me-too"},
    "photo": {"vi": "anh", "en": "photo"},
    "manifest": {"vi": "ung-dung.webmanifest", "en": "app.webmanifest"},
    "worker": {"vi": "sw.js", "en": "sw.js"},
}


def path(name: str, language: str) -> str:
    """The page's address below its language's prefix."""
    return "/" + _WORDS[name][language]


def language_of(address: str) -> str | None:
    """The language of a page of ours; None for any other address."""
    for language, prefix in PREFIXES.items():
        if address == prefix or address.startswith(prefix + "/"):
            return language
    return None
