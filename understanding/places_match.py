"""Where the names of a gazetteer stand in a text, and how like them what was said is."""

from collections.abc import Iterator
from dataclasses import dataclass

from understanding.fold import Syllable, syllables
from understanding.places_around import BEFORE_A_PLACE, before_name, is_a_person, unaccented
from understanding.places_names import Gazetteer, Head, PlaceName, Spelled
from understanding.places_sounds import one_letter_apart
from understanding.places_words import Words, is_in_a_word
from understanding.word_sets import a_set

# How like the name it is. `UNACCENTED` where the whole text has no accents, `OTHER_TONE` where
# only the tone differs, `FOLDED` where the vowels' marks do.
SPELLED, HEARD, UNACCENTED, OTHER_TONE, FOLDED, KEYED, NEAR = 1.0, 0.95, 0.9, 0.88, 0.82, 0.8, 0.6
# A letter may be wrong in a long name only, and in no syllable that is one letter itself: "A" and
# "B" tell neighbouring communes apart.
LEAST_NEAR_LETTERS = 6
_TONES = "`´?."
_ENDS = frozenset(syllable.key for syllable in syllables("đông dong tây a b"))
_OR = frozenset(syllable.key for syllable in syllables("hay hoặc"))
_OHS = frozenset(["khong", "quen", "lon", "hong"])
_B = frozenset(["b", "bê", "bi"])
# After "phường hai" these are what is counted: "lên phường hai lần".
_COUNTED = Words(
    "lần bận lượt chuyến bữa buổi ngày tháng tuần giờ tiếng phút người đứa vợ hộ mươi chục trăm "
    "ngàn mấy cái chiếc lá tờ mình chút"
)
_AFTER_FIVE = frozenset(["nay", "ngoái", "nào", "trước", "xưa"])
# Numbers that two words make: "phường hai mươi", "phường ba tháng hai".
_NUMBERS = a_set("một hai ba bốn năm sáu bảy bẩy tám chín mười lăm mốt tư")


@dataclass(frozen=True)
class Match:
    """A name at `begin` to `end`; `head` as it was said, None without one."""

    name: PlaceName
    begin: int
    end: int
    likeness: float
    head: Head | None
    led: bool  # "ở", "gần" or their like lead to it
    aside: bool  # a person, a hamlet or a shop has the name
    along: bool  # a river or a canal has it
    numbered: bool  # a ward that has a number for a name

    def within(self, other: "Match") -> bool:
        same = (self.begin, self.end) == (other.begin, other.end)
        return not same and other.begin <= self.begin and self.end <= other.end

    def gap(self, other: "Match") -> int:
        return max(other.begin - self.end, self.begin - other.end)


def matches(said: Spelled, known: Gazetteer) -> Iterator[Match]:
    """Every name at every place where it may have been said, longer and shorter ones."""
    bare = unaccented(said)
    for index, begin in known.sounds.standing(said):
        name, spelled = known.spelled[index]
        end = begin + len(spelled)
        if end > len(said) or said[begin].sentence != said[end - 1].sentence:
            continue
        likeness = _likeness(said[begin:end], spelled, bare)
        if bare and spelled[-1].text == "a" and said[end : end + 1] and said[end].text in _OHS:
            continue  # "a khong" is "à không"
        if likeness <= KEYED and is_a_person(said[begin], bare):
            continue  # "anh Châu" is hardly "An Trạch"
        if not likeness or not _numbered_right(said, name, spelled, begin, end, bare):
            continue
        match = _match(said, name, spelled, begin, likeness, bare)
        if match.head is not None or not is_in_a_word(said, begin, end, spelled, bare):
            yield match


def longest(said: Spelled, found: list[Match]) -> list[Match]:
    """Without names that are only a part of a longer one: "Phong Thạnh" of "Phong Thạnh A".

    A part stays where the rest begins another name: "Long Điền, Đông Hải" is no "Long Điền Đông".
    """
    found = [match for match in found if not _is_a_choice(said, match)]
    begins = {match.begin for match in found if match.likeness >= UNACCENTED}
    return [
        match
        for match in found
        if not any(
            match.within(other)
            and other.likeness >= min(match.likeness, KEYED)
            and not (other.end - 1 == match.end and match.end in begins)
            for other in found
        )
    ]


def _is_a_choice(said: Spelled, match: Match) -> bool:
    """ "Vĩnh Phú, Đông hay Tây": the caller does not know which."""
    ends = [syllable.key for syllable in said[match.end - 1 : match.end + 2]]
    return len(ends) == 3 and {ends[0], ends[2]} <= _ENDS and ends[1] in _OR


def _match(
    said: Spelled, name: PlaceName, spelled: Spelled, begin: int, likeness: float, bare: bool
) -> Match:
    around = before_name(said, begin, bare)
    # A numbered ward has its head within its name.
    numbered = spelled[0].text == name.head
    head = name.head if numbered else around.head
    lead = said[around.begin - 1] if around.begin else None
    return Match(
        name,
        begin,
        begin + len(spelled),
        likeness,
        head,
        lead is not None and BEFORE_A_PLACE.hold(lead, bare),
        around.aside and not numbered,
        around.along,
        numbered,
    )


def _likeness(window: Spelled, spelled: Spelled, bare: bool) -> float:
    """How like the name the words are; 0 where they are another name."""
    worst, unlike = SPELLED, 0
    for said, name in zip(window, spelled, strict=True):
        if said.spelled == name.spelled:
            continue
        like = _alike(said, name, bare)
        if like == NEAR:
            unlike += 1
        if like == 0 or unlike > 1:
            return 0
        worst = min(worst, like)
    letters = sum(len(syllable.key) for syllable in spelled)
    return 0 if unlike and letters < LEAST_NEAR_LETTERS else worst


def _alike(said: Syllable, name: Syllable, bare: bool) -> float:
    if len(name.folded) == 1:
        # "á" and "à" end sentences; only a letter is a letter.
        same = (name.text == "b" and said.text in _B) or (bare and said.folded == name.folded)
        return SPELLED if same else 0
    if said.heard == name.heard:
        return HEARD
    if said.folded == name.folded:
        if bare:
            return UNACCENTED
        return OTHER_TONE if said.heard.rstrip(_TONES) == name.heard.rstrip(_TONES) else FOLDED
    if said.key == name.key:
        return KEYED
    return NEAR if one_letter_apart(said.key, name.key) else 0


def _numbered_right(
    said: Spelled, name: PlaceName, spelled: Spelled, begin: int, end: int, bare: bool
) -> bool:
    """Whether a numbered ward was named, and nothing counted after "phường"."""
    if spelled[0].text != name.head:
        return True
    ward, number = said[begin], said[end - 1]
    like_ward = _alike(ward, spelled[0], bare) in (SPELLED, HEARD, UNACCENTED, OTHER_TONE)
    is_number = number.spelled == spelled[-1].spelled or (
        (number.text, spelled[-1].text) == ("bẩy", "bảy")
    )
    if not like_ward or not (is_number or (bare and number.folded == spelled[-1].folded)):
        return False
    following = said[end].text if end < len(said) and said[end].sentence == ward.sentence else ""
    beyond = said[end + 1].text if end + 1 < len(said) else ""
    if spelled[-1].text == "năm" and following in _AFTER_FIVE:
        return False
    if following == "tháng" and beyond not in _NUMBERS:
        return beyond not in ("nay", "rồi", "trước", "qua")
    if following == "người" and beyond in ("ta", "dân"):
        return True
    return following == "" or not _COUNTED.hold(said[end], bare)
