"""Wordings that are hard on a caller. Each is `GOOD` with one thing wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.dialogue import Talk, menu
from ivr.facts import CallFacts
from ivr.steps import Flow, Say

GOOD: Mapping[str, str] = {
    "hello": "Phản ánh {reference} của quý vị.",
    "question": "Để gửi, bấm phím một. Để hủy, bấm phím hai.",
    "nomatch": "Phím này không có trong danh sách.",
    "noinput": "Chúng tôi chưa nhận được phím bấm.",
    "slower": "Từ đây chúng tôi nói chậm hơn.",
    "goodbye": "Xin chào.",
    "queue_next": "Quý vị là người tiếp theo.",
    **{f"digit_{digit}": "số" for digit in range(10)},
}


@dataclass(frozen=True)
class Words:
    """What a caller is asked, and what the checker says of it."""

    says: str
    unlike: Mapping[str, str | None]
    choices: Mapping[str, str] = field(default_factory=lambda: {"1": "send", "2": "cancel"})
    value: str = "482-193"

    @property
    def wording(self) -> dict[str, str]:
        texts = {**GOOD, **self.unlike}
        return {key: text for key, text in texts.items() if text is not None}

    def flow(self, facts: CallFacts) -> Flow[None]:
        talk = Talk(facts.language)
        before = (Say("hello", {"reference": self.value}),)
        yield from menu(talk, "question", self.choices, before)
        yield Say("goodbye")


BREAKS: Mapping[str, Words] = {
    "six_choices": Words(
        "expected at most 5 choices",
        {
            "question": "Đường, bấm phím một. Điện, bấm phím hai. Nước, bấm phím ba. "
            "Rác, bấm phím bốn. Trường, bấm phím năm. Chợ, bấm phím năm."
        },
        {str(key): "choice" for key in range(1, 6)},
    ),
    "a_gap": Words(
        "expected keys in order from 1, found 1, 3",
        {"question": "Để gửi, bấm phím một. Để hủy, bấm phím ba."},
        {"1": "send", "3": "cancel"},
    ),
    "out_of_order": Words(
        "expected keys in order from 1, found 2, 1",
        {"question": "Để hủy, bấm phím hai. Để gửi, bấm phím một."},
    ),
    "key_first": Words(
        "say what for first, then which key",
        {"question": "Bấm phím một để gửi. Bấm phím hai để hủy."},
    ),
    "long_winded": Words(
        "expected at most 32 words, found 34", {"hello": "Vâng " * 33 + "{reference}"}
    ),
    "long_turn": Words(
        "expected at most 96 words before an answer",
        {
            "hello": "Vâng " * 31 + "{reference}",
            "question": "Vâng " * 24 + "để gửi, bấm phím một. Để hủy, bấm phím hai.",
            "nomatch": "Vâng " * 32,
        },
    ),
    "no_wording": Words("question: no wording", {"question": None}),
    "unknown_placeholder": Words("hello: the flow gives no name", {"hello": "Chào {name}."}),
    "value_unused": Words("hello: the wording leaves out reference", {"hello": "Xin chào."}),
    "unspeakable_value": Words("hello: nowhere: no wording in 'vi'", {}, value="@nowhere"),
    "dead_key": Words(
        "offers 3 and does not take it",
        {"question": "Để gửi, bấm phím một. Để hủy, bấm phím hai. Để chờ, bấm phím ba."},
    ),
    "hidden_key": Words(
        "takes 3 and does not offer it", {}, {"1": "send", "2": "cancel", "3": "wait"}
    ),
    "never_said": Words("leftover: no flow says it", {"leftover": "Chào buổi sáng."}),
}
