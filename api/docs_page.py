"""The API's description as a page to read, made from the OpenAPI document without any script.

A page of ours, because the usual ones fetch a megabyte of script from elsewhere, and the console's
policy lets none run.
"""

from typing import Any

from apiflask import APIFlask
from flask import Response, render_template_string, request

PATH = "/api/v1/docs"
_METHODS = ("get", "post", "put", "patch", "delete")

_WORDS = {
    "vi": {
        "title": "Giao diện lập trình (API)",
        "about": "Bản mô tả máy đọc được:",
        "token": "Cần mã truy cập",
        "parameters": "Tham số",
        "body": "Nội dung gửi",
        "answers": "Trả lời",
        "example": "Ví dụ",
        "required": "bắt buộc",
        "contents": "Mục lục",
        "schemas": "Kiểu dữ liệu",
    },
    "en": {
        "title": "Application interface (API)",
        "about": "For machines:",
        "token": "Takes a token",
        "parameters": "Parameters",
        "body": "Body",
        "answers": "Answers",
        "example": "Example",
        "required": "required",
        "contents": "Contents",
        "schemas": "Kinds of data",
    },
}

_PAGE = """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ words.title }} – {{ spec.info.title }}</title>
<link rel="stylesheet" href="{{ style }}">
</head>
<body class="api">
<header><h1>{{ words.title }}</h1>
<p>{{ words.about }} <a href="{{ document }}">openapi.json</a>
 · <a href="?language=vi" lang="vi">Tiếng Việt</a>
 · <a href="?language=en" lang="en">English</a></p>
</header>
<nav aria-label="{{ words.contents }}"><ul>
{% for one in operations %}<li>
<a href="#{{ one.id }}"><code>{{ one.method }} {{ one.path }}</code></a> {{ one.summary }}</li>
{% endfor %}</ul></nav>
<main>
{% for one in operations %}<section id="{{ one.id }}">
<h2><code>{{ one.method }} {{ one.path }}</code></h2>
<p>{{ one.summary }}{% if one.secured %} <small>({{ words.token }})</small>{% endif %}</p>
{% if one.parameters %}<h3>{{ words.parameters }}</h3>
<table><tbody>{% for each in one.parameters %}<tr>
<th scope="row"><code>{{ each.name }}</code> <small>{{ each["in"] }}{% if each.required %},
 {{ words.required }}{% endif %}</small></th>
<td>{{ each.description or each.schema.description or "" }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
{% if one.body %}<h3>{{ words.body }}</h3>
{% for kind, what in one.body.items() %}<p><code>{{ kind }}</code> {{ what.name }}</p>
{% if what.example is not none %}<pre>{{ what.example|tojson(indent=2) }}</pre>{% endif %}
{% endfor %}{% endif %}
<h3>{{ words.answers }}</h3>
<dl>{% for status, answer in one.responses.items() %}<dt>{{ status }}</dt>
<dd>{{ answer.description }}</dd>{% endfor %}</dl>
</section>
{% endfor %}</main>
</body>
</html>
"""


def add_docs_page(app: APIFlask) -> None:
    """Serve the page, open to everybody as the document itself."""

    @app.get(PATH)
    @app.doc(hide=True)
    def api_docs() -> Response:
        asked = request.args.get("language", "")
        best = request.accept_languages.best_match(list(_WORDS))
        language = asked if asked in _WORDS else best or "vi"
        spec: dict[str, Any] = app._get_spec("json", force_update=False)  # type: ignore[assignment]
        return Response(
            render_template_string(
                _PAGE,
                words=_WORDS[language],
                language=language,
                spec=spec,
                document=app.spec_path,
                style="/static/console.css",
                operations=list(_operations(spec)),
            ),
            content_type="text/html; charset=utf-8",
        )


def _operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for path, methods in spec["paths"].items():
        for method in _METHODS:
            if method in methods:
                found.append(_operation(path, method, methods[method]))
    return found


def _operation(path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {})
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told.get("summary", ""),
        "secured": bool(told.get("security")),
        "parameters": told.get("parameters", []),
        "responses": told["responses"],
        "body": {
            kind: {
                "name": what["schema"].get("$ref", "").rpartition("/")[2],
                "example": what.get("example"),
            }
            for kind, what in body.items()
        },
    }
