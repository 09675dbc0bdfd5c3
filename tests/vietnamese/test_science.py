"""Single letters of formulas and substances, and their words in prose."""

import time

import pytest

from audiobook.vietnamese import normalize, split_sentences


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Cho y = 3x – 1.", "Cho i bằng ba ích trừ một."),
        (
            "Giải x² − 7x + 6 = 0, tìm x.",
            "ích bình phương trừ bảy ích cộng sáu bằng không, tìm ích",
        ),
        ("Tìm n để phương trình có nghiệm.", "Tìm en để"),
        ("5 m = 500 cm", "năm mét bằng"),
        ("Lãi 20%, m chưa biết.", "Lãi hai mươi phần trăm, m chưa biết."),
        ("Nước biển có 3% Na và khí He nhẹ.", "ba phần trăm en a và khí hát e nhẹ"),
        ("Máy làm lạnh nhờ đồng vị He3.", "đồng vị hát e ba"),
        ("Kim loại X tan trong nước.", "Kim loại ích tan"),
        ("Động lượng là h/λ.", "hát trên lamđa"),
        ("Lêô X băng hà.", "Lêô mười"),
        ("Vua Charles X đi săn.", "Charles mười"),
        ("Malcolm X diễn thuyết.", "Malcolm X"),
        (
            "Rộng 9 mi², nhanh 60 mph, gió 20 kt.",
            "chín dặm vuông, nhanh sáu mươi dặm trên giờ, gió hai mươi knot",
        ),
        ("Bài 20 kt đã chấm.", "hai mươi kt"),
        ("Xem thêm (x. 1Ga 2,3).", "(xem thư thứ nhất Gioan chương hai câu ba)"),
        ("Bản quyền © 2020", "Bản quyền hai nghìn"),
        ("Xong ✓ rồi ♪ nhé", "Xong rồi nhé"),
        ("Ngại bão s6 vào.", "bão số sáu"),
        ("Được 300/500 phiếu thuận.", "ba trăm trên năm trăm"),
        ("Gặp 使者 và 大使.", "sứ giả và đại sứ"),
        ("Viết 今日、です đây.", "Viết đây."),
        ("Câu 𡨸喃天地 đây.", "Câu đây."),
        ("Đổi 1 nguyên (元) = 10 giác.", "một nguyên bằng mười giác"),
        ("mk k bt gì", "mình không biết gì"),
        ("Thuê 2-3 tr / 1 tháng", "hai đến ba triệu"),
    ],
)
def test_letters_and_signs_are_said_by_what_stands_beside_them(written: str, spoken: str) -> None:
    assert spoken in normalize(written)


def test_formulas_take_time_by_their_length_alone() -> None:
    start = time.process_time()
    normalize("x1 = 2, " * 4_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "sentences",
    [
        ["Người dạy: “Hãy yêu thương.” (Mt 5, 44)", "Rồi Người đi."],
        ["Trời mưa suốt .", "Đường ngập hết."],
        ["Anh viết bằng .Net từ lâu.", "Tôi thì không."],
        ["“Về thôi.”", "(Anh cười.)", "Rồi cả hai về."],
    ],
)
def test_a_source_in_brackets_belongs_to_its_quotation(sentences: list[str]) -> None:
    text = " ".join(sentences).replace("suốt . ", "suốt .")
    assert split_sentences(text) == sentences
