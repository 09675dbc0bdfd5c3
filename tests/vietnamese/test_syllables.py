"""Which words are spelled as Vietnamese syllables are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese.syllables import bare, is_misspelt, is_syllable, is_vietnamese

WORDS = """
a à ạ ai áo ăn âm ấm ấy ba bác Bạch bàn bánh bảy bắc bẩn bây bẻ béc bé bên bệnh bếp biếc biển biết
bìm bịp bò boong bóng bỗng bơ buýt bướm bưu cá cách cành cạo cắt cần cậu cây chanh chèo chếch
chích chiêng chong chóng chuếnh choáng chuột coong cọp cô công cởi cũ của cười cưỡng cứu da dặm dẫu
dế dìu dưới Đà Đắk đây đẹp đêm đường em én êm ếch gà gạch gắt gần ghe ghét ghế ghềnh ghi gì gìn
giá giặc giặt giấy gié giêng giếng giết giọt giỗ giúp giữa gồ ghề hạ hai hoà hòa hoạch hoang
hoạt hoằng hoắt hoen hoét họng huân huấn Huế huếch huênh huơ huỳnh huýt huỵch hương hữu hươu ì ích
im ít ỉa Kạn kẻng kèo kênh kếch kệch khuâng khuất khuếch khuy khuya khuyên khuyết khuỷu khoèo khoằm
kỹ kĩ Kông Kỳ lắk leng loong loằng ngoằng luẩn quẩn lượn lý Mỹ moóc mươi muỗng Nam nga ngành
ngoắt ngoằn ngoèo ngoao ngoạc ngoém nguệch ngoạc nguều nguyền nguyệt Nguyễn ngỗng ngượng nghe
nghề nghỉ nghiêng nghiện người nhoẻn nhuần nhuyễn nhượng oai oan oản oẳn oăm oằn oẹ ong ọp ẹp ô ốc
ông ơi ờ Pa phân phèng phở phiếu pin Quách quạnh quạt quăn quắc quân quất quẫy que quẹo quét quế
quên quệt quýnh quít quý quỳnh quyển quyết quỷ quỵt quờ quốc rốt ruộng rượu sếu Sim siêu soong
suýt sượng thếch thoăn thoắt thuở thuỷ thủy thuyền tiến toáy toét tuần tuếch tuế tuya tuýp tuyệt
trơ trườn tựu u uất uể oải uỷ ủy uốn uống ừ ưa ước ưng ươn vâng vênh Việt vuông vữa xoáy xoong xoèn
xoẹt xuê xuề xoà xuyên xuýt y ý ỷ yếm yên yểng yết yêu
""".split()
NOT_WORDS = """
b ngh ce cé ci kà kô ko ga̋ gè gê ngê ngi ghà nghồ ngha qa qo qou iêu iên yai màt lờp hòc sãch
tỏp lĩc hònà gìa qùa tòan ngừơi đuợc thườg khôg hà̀ hạà bã́ viet nguyen uong Thomas Reiter Google
Facebook Kon stop bra club film jazz wa fo zô xcơ Krông str eau ian ưp ơng a1 -a a-b iếc
""".split()


@pytest.mark.parametrize("word", WORDS)
def test_words(word: str) -> None:
    assert is_vietnamese(word)
    assert is_vietnamese(word.upper())
    assert is_vietnamese(unicodedata.normalize("NFD", word))
    assert not is_misspelt(word)


@pytest.mark.parametrize("word", ["", *NOT_WORDS])
def test_not_words(word: str) -> None:
    assert not is_vietnamese(word)


@pytest.mark.parametrize("base", ["hat", "sach", "loc", "hop", "quôc"])
def test_before_p_t_c_and_ch_only_two_tones(base: str) -> None:
    place = max(base.find("a"), base.find("o"), base.find("ô"))
    right = [
        mark
        for mark in "\u0300\u0301\u0303\u0309\u0323"
        if is_vietnamese(unicodedata.normalize("NFC", base[: place + 1] + mark + base[place + 1 :]))
    ]
    assert right == ["\u0301", "\u0323"]


@pytest.mark.parametrize("word", ["Nguyen", "viet", "đuợc", "ngừơi", "tòan", "qủa"])
def test_right_but_for_the_marks(word: str) -> None:
    assert is_misspelt(word)
    assert not is_vietnamese(word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("ANH", True), ("ĐƯỜNG", True), ("NGUYEN", True), ("ESA", False), ("ISS", False), ("", False)],
)
def test_without_any_marks(word: str, expected: bool) -> None:
    assert is_syllable(word) is expected


@given(st.text())
def test_takes_any_text(text: str) -> None:
    assert is_vietnamese(text) in (True, False)
    assert is_misspelt(text) in (True, False)
    assert bare(text) == bare(bare(text))


@pytest.mark.parametrize("word", WORDS)
def test_the_strict_check_is_within_the_lenient_one(word: str) -> None:
    # Names that end in k break the rules.
    assert is_syllable(word) or word.endswith("k")
