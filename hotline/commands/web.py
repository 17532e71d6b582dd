"""`hotline web`: the console and the API."""

import click

from hotline.logs import configure_logs
from hotline.settings import read_settings


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Where to listen instead of HOTLINE_WEB_BIND.")
def web(bind: str | None) -> None:
    """Serve the console at / and the API at /api/v1."""
    from hotline.app import create_app
    from hotline.web_server import WebServer, check_free

    configure_logs()
    settings = read_settings()
    if bind is not None:
        host, _, port = bind.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise click.BadParameter(f"expected HOST:PORT, found {bind!r}", param_hint="--bind")
        settings = settings.model_copy(update={"web_bind": bind})
    check_free(settings.web_bind)
    WebServer(create_app(settings), settings).run()
