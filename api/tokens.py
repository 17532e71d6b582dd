"""The route that gives a token for a password."""

from datetime import timedelta

from apiflask import APIBlueprint

from accounts.tokens import issue_token
from accounts.users import sign_in
from api import schemas
from api.errors import WrongPassword
from api.services import ApiServices
from storage.database import reading, transaction

# A working day: programs that run longer have one from `hotline user token`.
LIFETIME = timedelta(hours=24)


def add_token_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """The only route of the API that asks for no token."""

    @blueprint.post("/tokens")
    @blueprint.input(schemas.Credentials)
    @blueprint.output(schemas.NewToken, status_code=201)
    @blueprint.doc(
        operation_id="createToken",
        responses={401: "Address and password do not belong together"},
    )
    def create_token(
        json_data: schemas.Credentials,
    ) -> tuple[schemas.NewToken, int, dict[str, str]]:
        """A token for an e-mail address and its password, valid for a day."""
        now = services.clock()
        # Hashing takes its time by design: no writer shall wait for it.
        with reading(services.engine) as session:
            user = sign_in(session, json_data.email, json_data.password, now)
        if user is None:
            raise WrongPassword("address and password do not belong together")
        with transaction(services.engine) as session:
            issued = issue_token(session, user, json_data.name, LIFETIME, now)
        body = schemas.NewToken(token=issued.secret, expires_at=issued.expires_at)
        return body, 201, {"Cache-Control": "no-store"}
