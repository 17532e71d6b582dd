"""Whether a request came from Twilio: signed for the address under which the world knows us.

That address is a setting. What a proxy hands on of it, or what a client claims, counts for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Request
from twilio.request_validator import RequestValidator

from webhooks.errors import BadPost, NotTrusted, TooLong

MAX_BODY_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"
SIGNATURE = "X-Twilio-Signature"


@dataclass(frozen=True)
class Trust:
    """`public_url` is the address of this server's root as Twilio calls it.

    `account_sid` is our account there; what is of another one is refused, signed or not.
    """

    auth_token: str = field(repr=False)
    public_url: str
    account_sid: str

    @property
    def root_path(self) -> str:
        """The path of `public_url`, without the slash at its end."""
        return urlsplit(self.public_url).path.rstrip("/")

    def form(self, request: Request) -> Mapping[str, str]:
        """What was posted; each field once.

        Raises:
            TooLong: the body is longer than any that Twilio sends; it was not read.
            NotTrusted: Twilio has not signed it, or it is of another account.
            BadPost: it is no form, or a field is there twice.
        """
        request.max_content_length = MAX_BODY_BYTES
        if (request.content_length or 0) > MAX_BODY_BYTES:
            raise TooLong(f"expected a body of at most {MAX_BODY_BYTES} bytes")
        if request.content_length is None:
            raise BadPost("expected a body of known length")
        if request.mimetype != FORM:
            raise BadPost(f"expected {FORM}")
        fields = request.form
        signature = request.headers.get(SIGNATURE, "")
        if not signature:
            raise NotTrusted("the signature is missing")
        if not self._validator.validate(self._address(request), fields, signature):
            raise NotTrusted("the signature is wrong")
        once(fields.to_dict(flat=False))
        once(request.args.to_dict(flat=False))
        form = fields.to_dict()
        if needed(form, "AccountSid")[0] != self.account_sid:
            raise NotTrusted("it is of another account")
        return form

    @property
    def _validator(self) -> RequestValidator:
        return RequestValidator(self.auth_token)

    def _address(self, request: Request) -> str:
        query = request.query_string.decode("ascii", "replace")
        return self.public_url.rstrip("/") + request.path + (f"?{query}" if query else "")


def once(fields: Mapping[str, list[str]]) -> None:
    """Raises: BadPost: a field is there twice; which of them counts is not for us to guess."""
    for name, values in fields.items():
        if len(values) != 1:
            raise BadPost(f"expected {name[:40]} once, found it {len(values)} times")


def needed(form: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """The values of fields that have to be there.

    Raises:
        BadPost: one is missing or empty.
    """
    for name in names:
        if not form.get(name):
            raise BadPost(f"expected {name}, found none")
    return tuple(form[name] for name in names)
