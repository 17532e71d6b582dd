"""The simulator's page."""

from dataclasses import replace

from apiflask import APIBlueprint
from flask import Response, request

from console.pages import Pages
from console.prompts.desk import spoken_url
from console.simulator import KEYS, Simulated, SimulatorForm, offers, read_form, rows, takes_keys
from ivr.errors import BadAnswer


def add_simulator_routes(console: APIBlueprint, pages: Pages) -> None:
    """/simulator."""
    services = pages.services

    @console.get("/simulator")
    def simulator() -> Response:
        return _show(pages, SimulatorForm(), Simulated(()))

    @console.post("/simulator")
    def simulator_form() -> Response:
        form, simulated = SimulatorForm(), Simulated(())
        try:
            form = read_form(request.form)
            simulated = services.simulate(form.call(services.timezone))
        except BadAnswer as error:
            simulated = Simulated((), str(error))
        return _show(pages, form, simulated)


def _show(pages: Pages, form: SimulatorForm, simulated: Simulated) -> Response:
    # An answer that did not fit is shown, and forgotten.
    taken = tuple(answer for answer, _ in simulated.turns if answer is not None)
    return pages.show(
        "simulator.html",
        400 if simulated.problem else 200,
        form=replace(form, answers=taken),
        turns=rows(simulated),
        problem=simulated.problem,
        codes=simulated.codes,
        offers=offers(simulated),
        keys=KEYS if takes_keys(simulated) else (),
        spoken_url=spoken_url,
    )
