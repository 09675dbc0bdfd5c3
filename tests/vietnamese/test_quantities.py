"""Percent, units and ranges of them."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import explain, normalize
from audiobook.vietnamese.table import load_pairs


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3,5%", "ba phẩy năm phần trăm"),
        ("100 %.", "một trăm phần trăm."),
        ("5‰", "năm phần nghìn"),
        ("50%của", "năm mươi phần trăm của"),
        ("15kg gạo", "mười lăm ki lô gam gạo"),
        ("54,5 kg", "năm mươi tư phẩy năm ki lô gam"),
        ("80 km/h", "tám mươi ki lô mét trên giờ"),
        ("120 km/ngày", "một trăm hai mươi ki lô mét một ngày"),
        ("30m²", "ba mươi mét vuông"),
        ("30 m3", "ba mươi mét khối"),
        ("37°C", "ba mươi bảy độ xê"),
        ("-5°C", "âm năm độ xê"),
        ("−2,5%", "âm hai phẩy năm phần trăm"),
        ("1.000.000 kWh", "một triệu ki lô oát giờ"),
        ("2 m", "hai mét"),
        ("1m68", "một mét sáu mươi tám"),
        ("1m05", "một mét không năm"),
        ("1m6-1m7", "một mét sáu đến một mét bảy"),
        ("cao 2m2", "cao hai mét hai"),
        ("rộng 2m2", "rộng hai mét vuông"),
        ("2kg3", "hai ki lô gam ba"),
        ("ti vi 55”", "ti vi năm mươi lăm inch"),
        ("“năm 55”", "“năm năm mươi lăm”"),
        ("3m x 12m", "ba mét nhân mười hai mét"),
        ("20 hải lý/giờ", "hai mươi hải lý một giờ"),
        ("2 m2/người", "hai mét vuông một người"),
        ("7 tấn/ha/vụ", "bảy tấn trên héc ta một vụ"),
        ("120/80mmHg", "một trăm hai mươi trên tám mươi mi li mét thủy ngân"),
        ("hàng nghìn m2", "hàng nghìn mét vuông"),
        ("m1 và m2", "m một và m hai"),
        ("Ah, ra thế", "Ah, ra thế"),
        ("21°01'42\" B", "hai mươi mốt độ một phút bốn mươi hai giây vĩ Bắc"),
        ("10°N, 106°E", "mười độ vĩ Bắc, một trăm linh sáu độ kinh Đông"),
        ("10°N, 106°Đ", "mười độ vĩ Nam, một trăm linh sáu độ kinh Đông"),
        ("220V-50Hz", "hai trăm hai mươi vôn-năm mươi héc"),
    ],
)
def test_quantities(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(("unit", "name"), load_pairs("units.tsv").items())
def test_every_unit(unit: str, name: str) -> None:
    assert normalize(f"Có 30{unit}, 30 {unit}") == f"Có ba mươi {name}, ba mươi {name}"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("4-6 ngày", "bốn đến sáu ngày"),
        ("10–15%", "mười đến mười lăm phần trăm"),
        ("50%–60%", "năm mươi phần trăm đến sáu mươi phần trăm"),
        ("100-150mm", "một trăm đến một trăm năm mươi mi li mét"),
        ("3km - 5km", "ba ki lô mét đến năm ki lô mét"),
        ("1.500-2.000 m", "một nghìn năm trăm đến hai nghìn mét"),
        ("3.14-4", "ba chấm mười bốn đến bốn"),
        ("1-1,5 triệu", "một đến một phẩy năm triệu"),
        ("từ 05-08 triệu", "từ năm đến tám triệu"),
        ("lô 05-08", "lô không năm đến không tám"),
        ("số 05-08 năm ấy", "số không năm đến không tám năm ấy"),
        ("1/2-1 thìa", "một phần hai đến một thìa"),
        ("13.3”~17.3”", "mười ba chấm ba đến mười bảy chấm ba inch"),
        ('ống 3/4"', "ống ba phần tư inch"),
        ("10 ~ 15%", "mười đến mười lăm phần trăm"),
        (
            "(1893-1954)",
            "(một nghìn tám trăm chín mươi ba đến một nghìn chín trăm năm mươi tư)",
        ),
    ],
)
def test_ranges(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Đức hạ Brazil 7-1", "Đức hạ Brazil bảy một"),
        ("thua 1-2", "thua một hai"),
        ("5-7-9", "năm-bảy-chín"),
        ("2-3/10", "hai-ba/mười"),
        ("m là đơn vị", "em là đơn vị"),
        ("5mm2x", "năm mm hai x"),
        ("nếu cm nhớ", "nếu chị em nhớ"),
        ("mấy cm", "mấy xăng ti mét"),
        ("“lớp 1/2”", "“lớp một trên hai”"),
        ("3 con tem", "ba con tem"),
        ("5 lần", "năm lần"),
    ],
)
def test_what_is_no_range_or_unit(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


def test_a_range_is_one_reading() -> None:
    [reading] = explain("Cần 10–15% nữa")
    assert (reading.written, reading.rule) == ("10–15%", "range")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("500 đồng / kg", "năm trăm đồng một ki lô gam"),
        ("2 triệu đồng/1 hộ", "hai triệu đồng một hộ"),
        ("25.000/suất", "hai mươi lăm nghìn một suất"),
        ("60 tỉnh/thành phố", "sáu mươi tỉnh/thành phố"),
        ("tỷ giá USD /VND", "tỷ giá đô la Mỹ /đồng"),
        ("vòng 9 V.League", "vòng chín V.League"),
        ("12 V", "mười hai vôn"),
        ("hạng -60kg", "hạng dưới sáu mươi ki lô gam"),
        ("giảm -3 kg", "giảm âm ba ki lô gam"),
        ("điểm 2đ và 2g", "điểm hai đê và hai gờ"),
        ("iPhone 6s, chạy 6s", "iPhone sáu ét, chạy sáu giây"),
        ("70% - 30%", "bảy mươi phần trăm - ba mươi phần trăm"),
        ("trời rét, nhiệt độ 60C", "trời rét, nhiệt độ sáu độ xê"),
        ("vị trí 09-15N; 108-30E", "vị trí chín độ mười lăm phút vĩ Bắc; một trăm linh tám độ "
         "ba mươi phút kinh Đông"),
    ],
)  # fmt: skip
def test_what_stands_around_a_quantity(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
