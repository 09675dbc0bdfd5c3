"""Who says it: speakers told by narration, address and turns, or left open."""

from __future__ import annotations

import pytest
from clock import cpu_seconds

from audiobook.vietnamese.attribution import People, Speaker, attribute, learn_people

FEMALE, MALE = "female", "male"


def speakers_of(*paragraphs: str, book: str = "") -> list[Speaker]:
    """Return the speakers of the speech in a chapter, in order."""
    people = learn_people([[book], paragraphs])
    return [speech.speaker for paragraph in attribute(paragraphs, people) for speech in paragraph]


def sexes_of(*paragraphs: str, book: str = "") -> list[str]:
    return [speaker.sex for speaker in speakers_of(*paragraphs, book=book)]


@pytest.mark.parametrize(
    ("paragraphs", "sex"),
    [
        (["– Anh đi đâu? – chị Hoa hỏi."], FEMALE),
        (["– Tôi về. – lão đáp."], MALE),
        (["“Trời mưa rồi”, bà lão nói."], FEMALE),
        (["Nàng thở dài: “Muộn mất rồi.”"], FEMALE),
        (["Lý trưởng quát:", "– Trói lại!"], MALE),
        (["Rồi đến lượt ông phó vặc lại:", "– Khinh nhau vừa chứ!"], MALE),
        (["Thấy anh Ba đi qua, bà Hai vẫy lại:", "– Vào đây!"], FEMALE),
        (["Bà Hai quay sang bảo chồng:", "– Ông ra mở cửa!"], FEMALE),
        (["Nghe vậy, chị đặt bát xuống, nhìn bố chồng và nói:", "– Con xin ạ."], FEMALE),
        (["Sự im lặng làm cho cô Lan phải hỏi:", "– Sao thế?"], FEMALE),
        (["Chị Sen sờ tay lên trán chồng và khẽ hỏi:", "– Có sốt không?"], FEMALE),
        (["Vợ lão Hợi chạy ra, kêu:", "– Ối làng nước ôi!"], FEMALE),
        (["– Im ngay!", "Vừa nói, hắn vừa đập bàn."], MALE),
        (["– Đi mau!", "Ông chánh thét vừa dứt lời, mọi người đã chạy."], MALE),
        (["Cụ Tư bà gắt:", "– Khẽ chứ!"], FEMALE),
        (["Nghị Thoại vuốt râu:", "– Được!"], MALE),
        (["Mụ nghị nhổ bã trầu:", "– Được!"], FEMALE),
        (["Nguyễn Thị Sáu nói:", "– Được!", "Nguyễn Thị Sáu nói:", "– Đi!"], FEMALE),
    ],
)
def test_narration_tells_the_speaker(paragraphs: list[str], sex: str) -> None:
    assert sexes_of(*paragraphs)[0] == sex


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["Nó cười:", "– Thật à?"],
        ["Cháu hỏi:", "– Thật à?"],
        ["Mọi người cùng kêu:", "– Cháy!"],
        ["Vợ chồng bác Tư reo lên:", "– Về rồi!"],
        ["Người khác thì thầm: “Thôi đi.”"],
        ["Trời mưa mãi.", "– Thế à?"],
        ["Bao nhiêu đồ đạc đổ cả, tiếng kêu:", "– Ối!"],
    ],
)
def test_nobody_is_decided_where_nothing_tells(paragraphs: list[str]) -> None:
    assert sexes_of(*paragraphs) == [""]


def test_children_and_the_old_are_told_apart() -> None:
    ages = [
        (speaker.sex, speaker.age)
        for speaker in speakers_of(
            "Cậu bé reo: “Mẹ về!”", "Con bé khóc: “Mẹ ơi!”", "Bà cụ cười: “Đây!”", "Lão kêu: “Ơ!”"
        )
    ]
    assert ages == [(MALE, "child"), (FEMALE, "child"), (FEMALE, "old"), (MALE, "old")]


def test_a_sentence_without_a_subject_goes_on_about_the_same_person() -> None:
    assert sexes_of(
        "Cô Lan đứng dậy. Rồi quay lại nói với ông Tư:", "– Chào ông.", "Rồi lại hỏi:", "– Về chưa?"
    ) == [FEMALE, FEMALE]


def test_narration_far_below_a_speech_does_not_tell_its_speaker() -> None:
    assert sexes_of("– Ai đấy?", "Trời tối.", "Mưa to.", "Rồi hắn về nhà.") == [""]


class TestWordsOfSpeech:
    def test_a_wife_calls_her_husband_by_their_child(self) -> None:
        assert sexes_of("– Thầy em dậy ăn cháo đi!") == [FEMALE]

    def test_a_husband_calls_his_wife_by_their_child(self) -> None:
        assert sexes_of("– U nó đi đâu về đấy?") == [MALE]

    def test_whoever_says_i_calls_somebody_else_sir(self) -> None:
        assert sexes_of("– Tôi bảo bà rồi mà?", "– Thế à?") == ["", FEMALE]
        assert sexes_of("– Tôi gặp bà ấy rồi mà?", "– Thế à?") == ["", ""]
        assert sexes_of("– Bà bảo rồi mà?", "– Thế à?") == ["", ""]

    def test_whoever_is_addressed_answers(self) -> None:
        assert sexes_of("– Thưa ông, xe đã đến rồi ạ.", "– Tốt lắm!") == ["", MALE]

    def test_a_kinship_word_alone_tells_nothing_of_the_speaker(self) -> None:
        assert sexes_of("– Con chào cụ ạ!") == [""]


class TestTurns:
    STORY = (
        "Chị Hoa hỏi:",
        "– Bao giờ đi?",
        "Anh Nam đáp:",
        "– Mai thì đi.",
        "– Đi mấy ngày?",
        "– Ba ngày thôi.",
        "– Lâu thế!",
    )

    def test_two_people_speak_by_turns(self) -> None:
        assert [speaker.name for speaker in speakers_of(*self.STORY)] == [
            "Chị Hoa",
            "Anh Nam",
            "Chị Hoa",
            "Anh Nam",
            "Chị Hoa",
        ]

    def test_among_three_whoever_is_answered_goes_on(self) -> None:
        story = ("Ông Tư gắt:", "– Im nào!", *self.STORY)
        assert [speaker.name for speaker in speakers_of(*story)[1:4]] == [
            "Chị Hoa",
            "Anh Nam",
            "Chị Hoa",
        ]

    def test_among_three_nobody_goes_on_after_a_pause(self) -> None:
        pause = ("Trời tối dần.", "Mưa to.", "Gió thổi.", "Đêm xuống.")
        story = ("Ông Tư gắt:", "– Im nào!", *self.STORY[:2], *pause, *self.STORY[2:5])
        assert sexes_of(*story) == [MALE, FEMALE, MALE, ""]

    def test_whoever_asks_goes_on_after_a_nod(self) -> None:
        story = ("Chị Hoa hỏi:", "– Mai đi à?", "Anh Nam gật đầu.", "– Đi mấy ngày?")
        assert [speaker.name for speaker in speakers_of(*story)] == ["Chị Hoa", "Chị Hoa"]
        answered = speakers_of(*story[:3], "– Ừ, mai đi.")
        assert answered[1].name == ""

    def test_a_line_that_looks_like_an_item_takes_a_turn(self) -> None:
        story = (*self.STORY[:4], "- Một con trâu và hai sào ruộng.", "– Bán rồi!")
        assert [speaker.name for speaker in speakers_of(*story)] == [
            "Chị Hoa",
            "Anh Nam",
            "Anh Nam",
        ]

    def test_a_quotation_of_several_paragraphs_has_one_speaker(self) -> None:
        letter = ("Anh Nam viết:", "“Em đi rồi.", "“Em không về nữa.", "“Chào cả nhà.”")
        assert sexes_of(*letter) == [MALE] * 3

    def test_whoever_spoke_in_a_paragraph_goes_on_in_it(self) -> None:
        assert sexes_of("“Đi!” cô Lan gắt. Trời tối dần. “Mau lên!”") == [FEMALE] * 2

    def test_whoever_acts_before_a_quotation_in_its_paragraph_says_it(self) -> None:
        assert sexes_of("Cô Lan nhìn anh Nam. “Em không biết.”") == [FEMALE]
        assert sexes_of("Trời mưa. “Em không biết.”") == [""]

    def test_several_who_speak_at_once_end_the_turns(self) -> None:
        assert sexes_of("Chị Hoa hỏi:", "– Ai đấy?", "Cả bọn đáp:", "– Tôi đây!", "– Tôi nữa!") == [
            FEMALE,
            "",
            "",
        ]


class TestNames:
    def test_a_name_keeps_the_sex_that_is_told_elsewhere(self) -> None:
        book = "Cô Uyển về làng. Ai cũng quý cô Uyển."
        assert sexes_of("Uyển cười:", "– Vâng.", "Uyển nói:", "– Đi nào!", book=book) == [
            FEMALE,
            FEMALE,
        ]

    def test_a_pronoun_means_whoever_was_named(self) -> None:
        speakers = speakers_of("Chị Uyển bước vào. Chị nói:", "– Chào anh!")
        assert speakers[0].name == "Chị Uyển"

    def test_a_title_means_whoever_bears_it_elsewhere_in_the_book(self) -> None:
        book = "Anh Phức đi làm. Anh Phức về."
        speakers = speakers_of("Phức ngồi xuống. Anh hỏi:", "– Cơm đâu?", book=book)
        assert speakers[0].name == "Anh Phức"

    def test_a_pronoun_does_not_mean_whom_its_own_sentence_only_looks_at(self) -> None:
        book = "Cô Uyển về. Cô Uyển cười. Cô Thục đi. Cô Thục ngồi."
        story = ("Uyển bước vào. Thấy Thục đứng đó, nàng hỏi:", "– Chị chờ ai?")
        assert speakers_of(*story, book=book)[0].name == "Cô Uyển"

    def test_husband_and_wife_are_called_by_the_husband(self) -> None:
        book = "Vợ chồng Linh đến. Vợ chồng Linh ngồi. Bà Linh cười. Bà Linh gật. Bà Linh ra."
        assert sexes_of("Linh hỏi:", "– Đi đâu?", "Linh nói:", "– Về!", book=book) == ["", ""]

    def test_husband_and_wife_who_share_a_name_stay_two(self) -> None:
        story = ("Chị Dần nói:", "– Ăn đi!", "Anh Dần nói:", "– Ừ!") * 2
        assert [(one.name, one.sex) for one in speakers_of(*story)][:2] == [
            ("Chị Dần", FEMALE),
            ("Anh Dần", MALE),
        ]

    def test_a_wife_does_not_make_a_woman_of_her_husband(self) -> None:
        book = "Ông San đi vắng. Ông San về. Ông San ngủ. Vợ San ngồi khâu. Bà San cười. Bà San ra."
        book += " San bảo vợ. San nhìn vợ. San giục vợ. San gọi vợ."
        assert sexes_of("San đáp:", "– Ừ!", "San nói:", "– Về!", book=book) == [MALE, MALE]

    def test_a_name_of_which_nothing_tells_stays_open(self) -> None:
        speakers = speakers_of("Khởi nói:", "– Đi!", "Khởi hỏi:", "– Đâu?")
        assert [(one.name, one.sex) for one in speakers] == [("Khởi", "")] * 2

    def test_a_given_name_of_one_sex_tells_it_where_nothing_else_does(self) -> None:
        story = (
            "Hùng nói:",
            "– Đi!",
            "Hương hỏi:",
            "– Đâu?",
            "Hùng đáp: “Chợ.”",
            "Hương cười: “Ừ.”",
        )
        assert sexes_of(*story) == [MALE, FEMALE, MALE, FEMALE]

    def test_whoever_belongs_to_somebody_is_not_that_person(self) -> None:
        speakers = speakers_of("Người nhà lý trưởng quát:", "– Nộp đi!", "Vợ Nghị Quế nói:", "– Ừ!")
        assert [(one.name, one.sex) for one in speakers] == [("", ""), ("", FEMALE)]

    def test_contradicting_titles_decide_nothing(self) -> None:
        book = "Anh Thu. Cô Thu. Anh Thu. Cô Thu. Bà Thu. Ông Thu."
        assert sexes_of("Thu nói:", "– Đi!", "Thu hỏi:", "– Đâu?", book=book) == ["", ""]

    def test_names_of_two_who_stand_in_one_sentence_are_two(self) -> None:
        apart = "Ông Nhật Khởi đi. Ông Nhật Khởi về. Ông Khởi ngồi. Ông Khởi cười."
        assert learn_people([[apart]]).called("Ông Khởi") == "Ông Nhật Khởi"
        beside = " Ông Khởi gọi ông Nhật Khởi. Ông Nhật Khởi nhìn ông Khởi."
        assert learn_people([[apart + beside]]).called("Ông Khởi") == "Ông Khởi"

    def test_few_titles_against_a_given_name_of_the_other_sex_decide_nothing(self) -> None:
        story = ("Tuyết đáp:", "– Ừ!", "Tuyết nói:", "– Về!")
        assert sexes_of(*story, book="Ông Tuyết về. Ông Tuyết cười.") == ["", ""]
        assert sexes_of(*story, book="Ông Tuyết về. " * 5) == [MALE, MALE]

    def test_a_father_named_by_his_child_is_not_the_child_but_an_officer_is_himself(self) -> None:
        speakers = speakers_of("Thầy Dần quát:", "– Nộp đi!", "Thầy đội quát:", "– Mau!")
        assert [(one.name, one.sex) for one in speakers] == [("", MALE), ("Thầy đội", MALE)]

    def test_other_names_are_those_of_the_same_sex_written_once(self) -> None:
        people = learn_people([["Mụ Cửu nói. " * 9 + "MỤ CỬU. Mụ Cửu Xung. Ông Cửu Xung."]])
        speaker = Speaker(people.called("Mụ Cửu"), FEMALE)
        assert people.otherwise_called(speaker) == ("Mụ Cửu Xung",)

    def test_offices_and_full_names_are_aliases_of_one(self) -> None:
        people = learn_people([["Nghị Quế cười. Ông nghị Quế nói. Nghị Quế ra. Trần Đức Quế vào."]])
        assert people.called("ông Quế") == people.called("Nghị Quế") != ""
        assert people.called("Bà Quất") == ""


HOSTILE = [
    "– ",
    "Chị Hoa nói: ",
    "Anh ",
    "ông bà cô chú ",
    "A. B. C. ",
    "“Ối ”, chị nói. ",
    "vợ của chồng của ",
    "Thấy, thấy, ",
    "Hoa Lan Mai Cúc ",
    "rồi và mà ",
    "thưa ông ạ ",
    "Nàng. ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_only(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        paragraphs = [text, *(piece for _ in range(count // 10))]
        return cpu_seconds(lambda: attribute(paragraphs, learn_people([paragraphs])), attempts=2)

    seconds(100)
    assert seconds(1_600) < 10 * max(seconds(400), 0.01)


@pytest.mark.parametrize(
    "text", ["", "\0", "– \ud800?", "“" * 50, "– – – –", "\n", "–", "Ông\u0301 nói:"]
)
def test_any_text_is_read(text: str) -> None:
    people = learn_people([[text]])
    assert isinstance(people, People)
    assert len(attribute([text, "– Ai?", text], people)) == 3
