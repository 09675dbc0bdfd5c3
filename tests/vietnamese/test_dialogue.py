"""Direct speech: what characters say, without what the narrator says."""

from __future__ import annotations

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import direct_speech


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in direct_speech(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A dash opens speech; the narrator comes after another one, or after none.
        ("– Anh đi đâu?", ["– Anh đi đâu?"]),
        ("- Dạ", ["- Dạ"]),
        ("-- Thì anh đứng lên.", ["-- Thì anh đứng lên."]),
        ("– Anh đi đâu? – chị hỏi. – Tôi về.", ["– Anh đi đâu?", "– Tôi về."]),
        ("— Đi đi! — Nam quát.", ["— Đi đi!"]),
        ("– Anh… – Chị ngập ngừng. – Anh về ạ?", ["– Anh…", "– Anh về ạ?"]),
        ("– Tôi biết – anh nói – là cô sẽ đến.", ["– Tôi biết", "– là cô sẽ đến."]),
        ("- Đi đâu? chị hỏi.", ["- Đi đâu?"]),
        ("— Vâng, chị đáp.", ["— Vâng,"]),
        ("- Bao giờ anh đi? Chị mỉm cười rồi khẽ hỏi:", ["- Bao giờ anh đi?"]),
        # What only looks like the narrator.
        ("- Vâng, anh nói đi.", ["- Vâng, anh nói đi."]),
        ("– Đi đâu? – Tôi hỏi anh đấy!", ["– Đi đâu? – Tôi hỏi anh đấy!"]),
        ("— Vâng, cụ cứ nói.", ["— Vâng, cụ cứ nói."]),
        # Dashes that are ranges, compounds or parentheses.
        ("– Tôi đi Hà Nội – Sài Gòn.", ["– Tôi đi Hà Nội – Sài Gòn."]),
        ("– Tàu Hà Nội – Vinh mấy giờ? – anh hỏi.", ["– Tàu Hà Nội – Vinh mấy giờ?"]),
        ("– Anh ấy – người hôm qua – là bạn tôi.", ["– Anh ấy – người hôm qua – là bạn tôi."]),
        ("Ông đi chuyến Hà Nội – Sài Gòn.", []),
        ("Làng ấy - dù nghèo - vẫn vui.", []),
        # A dash that should have begun a paragraph.
        ("Long hỏi lại: - Thưa anh vâng? - Vâng.", ["- Thưa anh vâng? - Vâng."]),
        ("Lời bàn. - Hay thay! Đạo ấy lớn lắm.", []),
        # Lists.
        ("- Gạo: 2 kg", []),
        ("- Tăng cường quản lý an toàn thực phẩm;", []),
        ("- Công bố kết quả kiểm tra năm 2024.", []),
        ("-5 độ là lạnh.", []),
        # Quotation marks: whole sentences, after a colon or a verb of saying.
        ("“Anh đi đâu?” cô hỏi.", ["“Anh đi đâu?”"]),
        ("«Ai đó?» bà kêu.", ["«Ai đó?»"]),
        ("‘Đi thôi,’ nó bảo.", ["‘Đi thôi,’"]),
        ('Cô nói: "Tôi về." Rồi đi.', ['"Tôi về."']),
        ("Ông đáp: “vâng”.", ["“vâng”"]),
        ('Có tiếng quát, "Mày muốn gì?"', ['"Mày muốn gì?"']),
        ("“Tôi về,” anh đáp, “mai tôi sang.”", ["“Tôi về,”", "“mai tôi sang.”"]),
        ("“Một. ‘Hai.’ Ba,” ông kể.", ["“Một. ‘Hai.’ Ba,”"]),
        ("“Tôi rất vui”, ông Nam cho biết.", ["“Tôi rất vui”"]),
        ("“Trời sắp mưa rồi”. Với ý nghĩ ấy, tôi đi.", ["“Trời sắp mưa rồi”"]),
        # Titles, terms, irony.
        ("Ông đọc “Tắt đèn” của Ngô Tất Tố.", []),
        ("Phim “Bao giờ cho đến tháng Mười?” hay.", []),
        ("Anh được gọi là “vua bóng đá”.", []),
        ("Ông hiểu rằng: “chúng nó” đây gồm cả ông.", []),
        ("Bỗng “choang” một cái, cửa vỡ.", []),
        ("Theo ông, “cái bả vật chất” làm hỏng người.", []),
        # Marks without a partner.
        ("“Tôi kể tiếp. Hôm ấy trời mưa.", ["“Tôi kể tiếp. Hôm ấy trời mưa."]),
        ("Thế là xong chuyện.”", ["Thế là xong chuyện.”"]),
        ("Anh mở “Đèn cũ rồi đi", []),
        ('Nó cao 5" và "khỏe" lắm.', []),
        ('"Hay" thật, mà câu này có " lạc.', []),
        ("", []),
        ("Trời mưa.", []),
    ],
)
def test_speech(text: str, expected: list[str]) -> None:
    assert said(text) == expected


PIECES = '“ ” " « » ‘ ’ – — - . ? , : … anh chị hỏi Nam nói Tôi đi 2 rằng'.split()
MARKED = st.lists(st.sampled_from([*PIECES, " ", " ", " ", "\n"]), max_size=40).map("".join)


@given(st.one_of(MARKED, st.text(max_size=60)))
def test_parts_are_in_order_inside_and_apart(text: str) -> None:
    end = 0
    for start, stop in direct_speech(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        end = stop


@given(st.text(st.characters(exclude_characters="“”\"«»‘’'-–—―"), max_size=80))
def test_nobody_speaks_without_marks(text: str) -> None:
    assert direct_speech(text) == []


@pytest.mark.parametrize("unit", ['"', "“a”", "a: - B ", "? – Anh ", "rằng “A” ", "– anh ", "“"])
def test_time_grows_with_the_text_only(unit: str) -> None:
    long = "x " + unit * (100_000 // len(unit)) + ":"
    assert cpu_seconds(lambda: direct_speech(long)) < 3
