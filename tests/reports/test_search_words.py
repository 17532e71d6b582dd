from hypothesis import given
from hypothesis import strategies as st

from reports.search_words import (
    LONGEST_WORD,
    MOST_TERMS,
    MOST_WORDS,
    fts5_query,
    read_query,
    tsquery,
    tsvector,
    words_kept,
)


def test_words_are_kept_without_accents_in_order_then_their_southern_sounds() -> None:
    assert words_kept(["Đường Vĩnh Lợi ngập", None, "số 12/3"]) == (
        *("duong", "vinh", "loi", "ngap", "so", "12", "3"),
        *("~din", "~xo", "~đuon"),
    )


def test_a_query_is_words_and_quoted_ones_that_belong_together() -> None:
    terms = read_query('ngập "phường 1" ngập')

    assert [term.words for term in terms] == [("ngap",), ("phuong", "1")]


def test_a_word_is_looked_for_by_its_sound_too_but_not_within_quotes() -> None:
    assert fts5_query(read_query('vĩnh "vĩnh lợi"')) == '("vinh" OR "~din") AND "vinh loi"'
    assert tsquery(read_query('vĩnh "vĩnh lợi"')) == "('vinh' | '~din') & ('vinh' <-> 'loi')"


def test_nothing_is_looked_for_where_there_is_no_word() -> None:
    assert [read_query(text) for text in ("", "  ", '""', "?!*", "~ & |")] == [()] * 5


@given(st.text(max_size=200))
def test_whatever_is_typed_neither_database_takes_it_for_its_own_language(text: str) -> None:
    words = [word for term in read_query(text) for word in term.words]

    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words)
    assert len(read_query(text)) <= MOST_TERMS


def test_a_word_that_comes_often_is_kept_with_each_place() -> None:
    assert tsvector(("a", "b", "a")) == "'a':1,3 'b':2"


def test_no_text_is_too_long() -> None:
    kept = words_kept(["lúa " * 2 * MOST_WORDS, "x" * 3000])

    assert len(kept) == MOST_WORDS and set(kept) == {"lua"}
