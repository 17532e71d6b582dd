"""A page's elements, with a check that each is closed in order."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "path"}


class Outline(HTMLParser):
    """Checks that every element is closed in order, and keeps each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.wrapped: list[dict[str, str | None]] = []  # what stands inside a label
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if "label" in self.open:
            self.wrapped.append(self.elements[-1][1])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
