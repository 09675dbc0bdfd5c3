"""Formulas in plain characters, and what lost its superscripts."""

import pytest
from clock import cpu_seconds

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Giải x^2-5x+6 = 0.", "Giải ích mũ hai trừ năm ích cộng sáu bằng không."),
        ("Ta có AB^2 = BH.BC.", "Ta có a bê mũ hai bằng bê hát nhân bê xê."),
        ("Khi đó AC² = 20²-12².", "Khi đó a xê bình phương bằng hai mươi bình phương trừ"),
        ("Cho c' = b - 3.", "Cho xê phẩy bằng bê trừ ba."),
        ("Vì f'(x) = 2x nên f tăng.", "Vì ép phẩy(ích) bằng hai ích nên"),
        ("Thấy i = I0cos(ωt + φ).", "Thấy i bằng i không cốt(ômêga tê cộng phi)."),
        ("Chọn α = -π/6.", "Chọn anpha bằng âm pi trên sáu."),
        ("Với Umax = 12 V.", "Với u mác bằng mười hai vôn."),
        ("Để (2m+1)x > 3m - 4.", "(hai em cộng một)ích lớn hơn ba em trừ bốn."),
        ("Hai thanh 2m và 3m = 5m.", "hai mét và ba mét bằng năm mét"),
        ("Vậy nHCl = 0,2.0,5 = 0,1 mol.", "en hát xê lờ bằng không phẩy hai nhân không phẩy năm"),
        ("Có y = x2 - 4x + 1.", "i bằng ích bình phương trừ bốn ích cộng một"),
        ("Có x1 + x2 = 4.", "ích một cộng ích hai bằng bốn"),
        ("Tập A=(2;5] khác rỗng, x ∈ A.", "Tập a bằng (hai;năm]"),
        ("Công thức: S = D x R", "ét bằng đê nhân rờ"),
        ("Dựng ảnh A'B' của vật.", "Dựng ảnh a phẩy bê phẩy của vật."),
        ("Xét tam giác CHA cân.", "tam giác xê hát a cân"),
        ("Ba, mẹ và CHA xứ.", "CHA xứ"),
        ("Mạch có R1 // R2 nên I = 2 A.", "rờ một song song với rờ hai"),
    ],
)
def test_letters_and_signs_of_formulas_are_said(written: str, spoken: str) -> None:
    assert spoken in normalize(written)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Đổi 1 cm2 = 10-4 m2.", "bằng mười mũ âm bốn mét vuông"),
        ("Hằng số 6,625.10-34 J.s", "sáu phẩy sáu hai năm nhân mười mũ âm ba mươi tư"),
        ("Mua 10-15 kg gạo.", "mười đến mười lăm ki lô gam"),
        ("Hồng cầu 4,5 x 1012/L.", "bốn phẩy năm nhân mười mũ mười hai trên lít"),
        ("Ta tính = 3.6 = 18.", "ba nhân sáu bằng mười tám"),
        ("Ta tính = 3.6 = 3,60.", "ba chấm sáu"),
        ("Kết quả 90:(2+1) = 30.", "chín mươi chia (hai cộng một)"),
        ("Khoảng (-vô cực; 3) hở.", "âm vô cực"),
    ],
)
def test_lost_powers_and_products_are_found(written: str, spoken: str) -> None:
    assert spoken in normalize(written)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Tại A và B, u = 5cos(4t) (V).", "(vôn)"),
        ("Cường độ dòng điện (A) giảm.", "(am pe)"),
        ("Nhóm máu (A) hiếm.", "(A)"),
        ("Trẻ em 2-6t uống nửa gói.", "hai đến sáu tuổi"),
        ("Chảy 30 lít/phút, bơm lít/phút.", "ba mươi lít trên phút, bơm lít trên phút"),
        ("Bạch cầu > 11.000/mm3.", "mười một nghìn trên mi li mét khối"),
        ("Bé 3 tháng - 2 tuổi.", "ba tháng đến hai tuổi"),
        ("Uống 500 mg - 1 g.", "năm trăm mi li gam đến một gam"),
        ("Huyết áp 130 / 85.", "một trăm ba mươi trên tám mươi lăm"),
        ("MẶT TIỀN 5M, DÀI 18M.", "MẶT TIỀN năm mét, DÀI mười tám mét."),
        ("Xem 5M lượt.", "năm triệu lượt"),
    ],
)
def test_units_in_brackets_and_rates_are_said(written: str, spoken: str) -> None:
    assert spoken in normalize(written)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Con cái là XX, con đực là XY.", "con cái là ích ích, con đực là ích i"),
        ("Thế kỷ XX.", "Thế kỷ hai mươi"),
        ("Bộ ba 5'AUG3' mở đầu.", "năm phẩy a u gờ ba phẩy"),
        ("Phân tử mARN và tARN.", "em a rờ en và tê a rờ en"),
        ("Tỉ lệ gen 1AA : 2Aa.", "một a lớn a lớn : hai a lớn a nhỏ"),
        ("Este no CnH2nO2 cháy.", "xê en hát hai en o hai"),
        ("Thu được khí NO và dung dịch.", "khí en o và"),
        ("Cần 18ATP và 12NADPH.", "mười tám a tê pê và mười hai en a đê pê hát"),
        ("A – đen > b – xám.", "a – đen lớn hơn"),
    ],
)
def test_signs_of_biology_and_chemistry_are_said(written: str, spoken: str) -> None:
    assert spoken.lower() in normalize(written).lower()


@pytest.mark.parametrize("piece", ["x^2-", "(x+", "a.b.", "A'B'", "=(", "10-4 ", "0,1.", "nHCl"])
def test_finding_formulas_takes_time_by_length_alone(piece: str) -> None:
    assert cpu_seconds(lambda: normalize(f"Có y = 1, {piece * 4_000}")) < 5
