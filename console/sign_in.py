"""Signing in, second factor and own password: Flask-Security's flows on our pages and tables.

The only file, with `console.staff`, that knows Flask-Security. Its messages are keys of
`console.wording`. It hangs hooks on every request of an application; here they are moved to its
own pages, so that API, citizens' pages and webhooks neither load users nor read cookies for it.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import qrcode
import qrcode.image.svg
from flask import Flask, current_app, request, session
from flask_security import (
    LoginForm,
    MailUtil,
    PasswordUtil,
    Security,
    Totp,
    TwoFactorVerifyCodeForm,
    UserMixin,
    user_authenticated,
)
from flask_security.recovery_codes import MfRecoveryForm
from passlib.totp import TotpMatch

from accounts.audit import record
from accounts.passwords import MAX_LENGTH, MIN_LENGTH, normalized
from accounts.sign_in_tries import forget_wrong, is_locked
from accounts.visits import begin_visit
from console.staff import AUTHENTICATOR, Staff, StaffUser, ours
from console.visit import take_visit
from storage.database import reading, transaction

BLUEPRINT = "security"
CODE_WINDOW_S = 30  # one code before and one after the present one: telephones' clocks differ
CODES = 8
_REPEATED = timedelta(minutes=10)  # who changes the second factor has told the password so lately

# Flask-Security says `str`, and hands whatever comes on to Flask.
Render = Callable[..., Any]

_TEMPLATES = {
    "LOGIN_USER_TEMPLATE": "sign_in/sign_in.html",
    "VERIFY_TEMPLATE": "sign_in/again.html",
    "CHANGE_PASSWORD_TEMPLATE": "sign_in/password.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "sign_in/code.html",
    "TWO_FACTOR_SETUP_TEMPLATE": "sign_in/second_factor.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "sign_in/recovery_codes.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "sign_in/recovery.html",
}
_ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "VERIFY_URL": "/sign-in/again",
    "CHANGE_URL": "/account/password",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_SELECT_URL": "/sign-in/select",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "TWO_FACTOR_SETUP_URL": "/account/second-factor",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "STATIC_FOLDER_URL": "/sign-in/static",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account",
}
_MESSAGES = {
    "GENERIC_AUTHN_FAILED": "wrong_password",
    "USER_DOES_NOT_EXIST": "wrong_password",
    "INVALID_PASSWORD": "wrong_password",
    "DISABLED_ACCOUNT": "wrong_password",
    "EMAIL_NOT_PROVIDED": "wrong_password",
    "INVALID_EMAIL_ADDRESS": "wrong_password",
    "PASSWORD_NOT_PROVIDED": "password_missing",
    "PASSWORD_INVALID_LENGTH": "password_length",
    "PASSWORD_IS_THE_SAME": "password_same",
    "RETYPE_PASSWORD_MISMATCH": "passwords_differ",
    "PASSWORD_CHANGE": "password_changed",
    "TWO_FACTOR_INVALID_TOKEN": "wrong_code",
    "INVALID_RECOVERY_CODE": "wrong_code",
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "signed_in",
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": "second_factor_set",
    "TWO_FACTOR_DISABLED": "second_factor_removed",
    "TWO_FACTOR_SETUP_EXPIRED": "second_factor_expired",
    "TWO_FACTOR_PERMISSION_DENIED": "sign_in_first",
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": "wrong_input",
    "NO_RECOVERY_CODES_SETUP": "no_recovery_codes",
    "UNAUTHENTICATED": "sign_in_first",
    "REAUTHENTICATION_REQUIRED": "sign_in_again_first",
    "REAUTHENTICATION_SUCCESSFUL": "signed_in_again",
    "API_ERROR": "wrong_input",
    "INVALID_REDIRECT": "wrong_input",
}


class _Addresses(MailUtil):
    """No message is sent, and any address may be tried: `admin@localhost` is one of ours."""

    def normalize(self, email: str) -> str:
        return email.strip().lower()

    def validate(self, email: str) -> str:
        return email.strip().lower()


class _Passwords(PasswordUtil):
    """The same rules as on the command line."""

    def normalize(self, password: str) -> str:
        return normalized(password)

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        text = normalized(password)
        fits = MIN_LENGTH <= len(text) <= MAX_LENGTH
        return (None if fits else ["password_length"]), text


class _Codes(Totp):
    """Takes each code once, and draws the square as part of the page."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        return ours(user).last_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        ours(user).store.note_counter(ours(user), tmatch.counter)

    def generate_qrcode(self, username: str, totp: str) -> str:
        drawn = io.BytesIO()
        made = qrcode.make(
            self.get_totp_uri(username, totp), image_factory=qrcode.image.svg.SvgPathImage
        )
        made.save(drawn)
        return drawn.getvalue().decode().partition("?>")[2]


class _SignIn(LoginForm):
    """Counts what was wrong, for addresses that nobody has as well, and waits when it is much."""

    def validate(self, **kwargs: Any) -> bool:
        staff = _staff()
        email = self.email.data or ""
        if _locked(staff, email):
            self.form_errors = ["locked_out"]
            return False
        if super().validate(**kwargs):
            return True
        if self.user is None:
            staff.note_wrong(email)  # for whoever is known, Flask-Security tells it
        _write_failure(staff, self.user)
        return False


class _Code(TwoFactorVerifyCodeForm):
    """Waits when too many codes were wrong."""

    def validate(self, **kwargs: Any) -> bool:
        staff, user = _staff(), self.user
        if user is not None and _locked(staff, user.email):
            self.form_errors = ["locked_out"]
            return False
        fits = super().validate(**kwargs)
        if not fits:
            _write_failure(staff, user)
        return bool(fits)


class _Recovery(MfRecoveryForm):
    """Waits when too many codes were wrong."""

    def validate(self, **kwargs: Any) -> bool:
        staff, user = _staff(), self.user
        if user is not None and _locked(staff, user.email):
            self.form_errors = ["locked_out"]
            return False
        if super().validate(**kwargs):
            return True
        if user is not None:
            staff.note_wrong(user.email)
        _write_failure(staff, user)
        return False


def install_sign_in(app: Flask, staff: Staff, issuer: str, render: Render) -> None:
    """Serve signing in, with `render(template, **values)` for its pages.

    `issuer` is what authenticator programs show. The application's secret key has to be set.
    """
    options: dict[str, Any] = {
        **_TEMPLATES,
        **_ADDRESSES,
        "BLUEPRINT_NAME": BLUEPRINT,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "API_ENABLED_METHODS": ["session"],
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        # As `accounts.passwords` has it.
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__time_cost": 2,
            "argon2__memory_cost": 19_456,
            "argon2__parallelism": 1,
        },
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": [AUTHENTICATOR],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": CODE_WINDOW_S,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": app.secret_key},
        "TOTP_ISSUER": issuer,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": CODES,
        "FRESHNESS": _REPEATED,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "RETURN_GENERIC_RESPONSES": True,
        "DEFAULT_REMEMBER_ME": False,
        "CACHE_CONTROL": None,  # every page of the console says it itself
    }
    app.config.update({f"SECURITY_{name}": value for name, value in options.items()})
    app.config.update(
        {f"SECURITY_MSG_{name}": (key, "info") for name, key in _MESSAGES.items()},
        WTF_CSRF_ENABLED=False,  # every form carries our own mark: `console.entry`
        SESSION_PROTECTION=None,
    )
    before = _hooks(app)
    security = Security(
        app,
        staff,
        login_form=_SignIn,
        two_factor_verify_code_form=_Code,
        mf_recovery_form=_Recovery,
        mail_util_cls=_Addresses,
        password_util_cls=_Passwords,
        totp_cls=_Codes,
        render_template=render,
    )
    security.want_json(lambda _: False)
    _keep_to_its_pages(app, before)
    # Of APIFlask: what people see is no part of the API's description.
    app.blueprints[BLUEPRINT].enable_openapi = False  # type: ignore[attr-defined]

    @user_authenticated.connect_via(app)
    def _signed_in(_: Flask, user: StaffUser, **more: Any) -> None:
        now = staff.clock()
        with transaction(staff.engine) as database:
            forget_wrong(database, user.email)
            visit = begin_visit(database, user.user_id, request.user_agent.string, now)
        take_visit(visit)

    # The function is only weakly referred to by the signal.
    app.extensions["hotline_signed_in"] = _signed_in


def forget_sign_in() -> None:
    """Flask-Security's own session counts for nothing: there is no visit for it.

    What it remembers between password and code stays.
    """
    for name in ("_user_id", "_fresh", "_id", "fs_paa", "fs_gexp"):
        session.pop(name, None)


def _staff() -> Staff:
    staff: Staff = current_app.extensions["security"].datastore
    return staff


def _locked(staff: Staff, email: str) -> bool:
    with reading(staff.engine) as database:
        return is_locked(database, email, staff.clock())


def _write_failure(staff: Staff, user: UserMixin | None) -> None:
    now = staff.clock()
    with transaction(staff.engine) as database:
        who = ours(user).user_id if user is not None else "-"
        record(database, "system", "sign_in.failed", "user", who, now)


_Hooks = tuple[dict[Any, list[Any]], ...]


def _hooks(app: Flask) -> _Hooks:
    kinds = (app.before_request_funcs, app.after_request_funcs, app.template_context_processors)
    return tuple({None: list(kind.get(None, []))} for kind in kinds)


def _keep_to_its_pages(app: Flask, before: _Hooks) -> None:
    kinds: tuple[dict[Any, list[Any]], ...] = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.template_context_processors,
    )
    for kind, was in zip(kinds, before, strict=True):
        added = [hook for hook in kind[None] if hook not in was[None]]
        kind[None] = [hook for hook in kind[None] if hook in was[None]]
        kind[BLUEPRINT] = [*added, *kind.get(BLUEPRINT, [])]
