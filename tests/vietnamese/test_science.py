"""Single letters of formulas and substances, and their words in prose."""

import pytest
from clock import cpu_seconds

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
        ("Lãi 20%, m chưa biết.", "Lãi hai mươi phần trăm, em chưa biết."),
        ("Nước biển có 3% Na và khí He nhẹ.", "ba phần trăm en a và khí hát e nhẹ"),
        ("Máy làm lạnh nhờ đồng vị He3.", "đồng vị hát e ba"),
        ("Kim loại X tan trong nước.", "Kim loại ích tan"),
        ("Động lượng là h/λ.", "hát trên lamđa"),
        ("Lêô X băng hà.", "Lêô mười"),
        ("Vua Charles X đi săn.", "Charles mười"),
        ("Malcolm X diễn thuyết.", "Malcolm ích"),
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
    assert cpu_seconds(lambda: normalize("x1 = 2, " * 4_000)) < 5


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


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dung dịch có ion Cl-, Mg^2+ và SO42-.", "xê lờ trừ, em gờ hai cộng và ét o bốn hai trừ"),
        ("Thả Fe^{3+} vào nước.", "Thả ép e ba cộng vào"),
        ("Kim loại kiềm gồm Li, Na và K.", "gồm lờ i, en a và ca"),
        ("2Na + Cl2 → 2NaCl", "hai en a cộng xê lờ hai tạo thành hai en a xê lờ"),
        ("Chất rắn rơi xuống: Ag+ + Cl- → AgCl↓ trong dung dịch.", "a gờ xê lờ trong dung dịch"),
        ("Đồng vị ¹⁴C và Co-60 phóng xạ.", "xê mười bốn và xê o sáu mươi"),
        ("Lai cây AaBb x aabb.", "a lớn a nhỏ bê lớn bê nhỏ lai với a nhỏ a nhỏ bê nhỏ bê nhỏ"),
        ("Tỉ lệ kiểu hình là 9 : 3 : 3 : 1.", "là chín ba ba một"),
        ("Mạch 3'-TAG-5' của ADN.", "ba phẩy-tê a gờ-năm phẩy"),
        ("Nước có c = 4200 J/(kg.K).", "bốn nghìn hai trăm jun trên ki lô gam ken vin"),
        ("Đơn vị là kg.m⁻³.", "ki lô gam mét mũ trừ ba"),
        ("Vật chịu lực 20 N.", "hai mươi niu tơn"),
        ("Áp suất là 2.105 Pa.", "hai nhân mười mũ năm pát xcan"),
        (
            "Đun tới 80 0C thì dừng, nhiệt độ tăng 5 K.",
            "tám mươi độ xê thì dừng, nhiệt độ tăng năm ken vin",
        ),
        ("Tụ có C = 2.10⁻⁶ F, q = 10⁻⁹C.", "mũ âm sáu pha ra, quy bằng mười mũ âm chín cu lông"),
        ("Vẽ điểm C cách 10⁻³ C = D.", "mười mũ âm ba xê bằng"),
        ("Gọi thời gian là t (h), t > 0.", "thời gian là tê (giờ), tê"),
        ("VD: Fe, Mn và Zn.", "ví dụ: ép e, em en và dét en"),
        ("TN1: Cho Zn vào dung dịch HCl.", "thí nghiệm một: Cho"),
        ("Cho Na = 23; Ba = 137; Cu = 64.", "en a bằng hai mươi ba; bê a bằng"),
        ("Ca(HCO3)2 → CaCO3 + CO2 + H2O", "hát xê o ba hai tạo thành xê a xê o ba"),
        ("Trộn 33,5 gam B với m gam C.", "gam bê với em gam xê"),
        ("Gen dài 5100A0, chu kì 34 A0.", "trăm ăng xtrôm, chu kì ba mươi tư ăng xtrôm"),
        ("Vẽ lên 2 A0 và giấy A0.", "hai a không và giấy a không"),
        ("Lớp 10 A đo cường độ dòng điện.", "Lớp mười A đo"),
        ("Bà Ba, cô Na và chú Li uống dung dịch oresol.", "Bà Ba, cô Na và chú Li uống"),
        ("Khối A, B, C thi môn hóa học.", "Khối A, bê, xê thi"),
    ],
)
def test_substances_and_measures(written: str, spoken: str) -> None:
    assert spoken in normalize(written)
