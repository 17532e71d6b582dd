"""An example of what a schema describes, made from the examples of its fields."""

from typing import Any

_BY_FORMAT = {"date-time": "2026-11-22T05:00:00.000Z", "date": "2026-11-22"}
_PLAIN: dict[str, Any] = {
    "string": "…",
    "integer": 1,
    "number": 0.5,
    "boolean": False,
    "null": None,
}
_DEEPEST = 8


def example_of(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits the schema, as far as its fields have examples of their own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example_of(components.get(name, {}), components, depth + 1)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    for given in ("const", "default", "example"):
        if schema.get(given) is not None:
            return schema[given]
    for choice in schema.get("anyOf", schema.get("oneOf", ())):
        return example_of(choice, components, depth + 1)
    if schema.get("type") == "object" or "properties" in schema:
        return {} if depth > _DEEPEST else _object(schema, components, depth)
    if schema.get("type") == "array":
        one = example_of(schema.get("items", {}), components, depth + 1)
        return [] if depth > _DEEPEST else [one]
    return _BY_FORMAT.get(schema.get("format", ""), _PLAIN.get(schema.get("type", "")))


def _object(schema: dict[str, Any], components: dict[str, Any], depth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    required = schema.get("required", ())
    return {
        name: example_of(each, components, depth + 1)
        for name, each in properties.items()
        # What may be left out is shown where it says something of its own.
        if name in required or each.get("examples")
    }
