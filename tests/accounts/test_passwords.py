import unicodedata

import pytest

from accounts.errors import DamagedHash, WeakPassword
from accounts.passwords import hash_password, new_password, password_matches


def test_a_password_matches_its_own_hash_only() -> None:
    kept = hash_password("con cò bé bé")

    assert password_matches(kept, "con cò bé bé")
    assert not password_matches(kept, "con co be be")


def test_a_vietnamese_password_matches_however_the_keyboard_composed_it() -> None:
    composed = unicodedata.normalize("NFC", "đường ngập nước")
    decomposed = unicodedata.normalize("NFD", "đường ngập nước")

    assert composed != decomposed
    assert password_matches(hash_password(composed), decomposed)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match=f"found {len(password)}"):
        hash_password(password)


def test_nobodys_password_never_matches() -> None:
    assert not password_matches(None, "whatever it may be")


def test_half_a_surrogate_pair_is_a_wrong_password_and_no_crash() -> None:
    assert not password_matches(hash_password("a right password"), "a wrong \ud83d password")


def test_a_damaged_hash_is_told_apart_from_a_wrong_password() -> None:
    with pytest.raises(DamagedHash):
        password_matches("not a hash", "whatever it may be")


def test_made_up_passwords_are_strong_enough_and_differ() -> None:
    made = {new_password() for _ in range(50)}

    assert len(made) == 50
    assert all(hash_password(password) for password in list(made)[:1])
    assert not set("".join(made)) & set("0o1li")
