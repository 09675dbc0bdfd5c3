"""Chat spellings: read where a line is chat, left alone elsewhere."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import explain, normalize
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.table import load_table


@pytest.mark.parametrize(("written", "said", "where"), [row[:3] for row in load_table("chat.tsv")])
def test_every_spelling_is_read_in_chat(written: str, said: str, where: str) -> None:
    assert where in ("always", "chat")
    rows = [row for row in load_table("chat.tsv") if row[0] == written]
    readings = [row[1] for row in rows]
    if all(len(row) > 3 for row in rows):
        # It is read beside certain words only; elsewhere a letter by its name, a unit as one.
        readings += [written, spell(written), normalize(f"5 {written}").removeprefix("năm ")]
    spoken = normalize(f"ko ngờ lại {written} nhé, đc")
    assert spoken in [f"không ngờ lại {reading} nhé, được" for reading in readings]
    assert said in readings


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Mai đi đc k?", "Mai đi được không?"),
        ("K biết nữa.", "Không biết nữa."),
        ("Ck tiền cho shop nhé", "Chuyển khoản tiền cho shop nhé"),
        ("Ck mình về chưa?", "Chồng mình về chưa?"),
        ("Quên mk đăng nhập rồi", "Quên mật khẩu đăng nhập rồi"),
        ("E rằng ko kịp", "E rằng không kịp"),
        ("E chào a ạ, ko thấy ai", "Em chào anh ạ, không thấy ai"),
        ("T thấy phim này hay mà", "Tôi thấy phim này hay mà"),
        ("Bữa đó t bận, m đi một mình nha", "Bữa đó tao bận, mày đi một mình nha"),
        ("Xong r về ngủ luôn", "Xong rồi về ngủ luôn"),
        ("Lâu lắm k gặp tụi nó", "Lâu lắm không gặp tụi nó"),
        ("Hàng khác hình mà k đổi trả đc =))", "Hàng khác hình mà không đổi trả được "),
        ("Lớp 9 r mà còn ham chơi ghê", "Lớp chín rồi mà còn ham chơi ghê"),
        ("Cái áo này đẹppppp quá", "Cái áo này đẹp quá"),
        ("Trờiii ơiii, vuiii", "Trời ơi, vui"),
        ("Biết thếee là xong", "Biết thế là xong"),
        ("Nhìn mà muốn khók", "Nhìn mà muốn khóc"),
        ("Mấy ôg bạn xấu tính", "Mấy ông bạn xấu tính"),
        ("Fải đi thôi", "Phải đi thôi"),
        ("Tưởng e đẹp e có quyền", "Tưởng em đẹp em có quyền"),
        ("mấy đứa nó rủ t với m đi nha", "mấy đứa nó rủ tao với mày đi nha"),
        ("đúng thể loại t thích nè", "đúng thể loại tôi thích nè"),
        ("Ai dạy T đâu e, ko biết", "Ai dạy tôi đâu em, không biết"),
        ("Nghe c.h.ế.t cười", "Nghe chết cười"),
        ("Lười vcđ, ko chịu", "Lười vê xê đê, không chịu"),
    ],
)
def test_in_context(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "Đôi bít tất và con bò thui.",
        "Chữ k và chữ g.",
        "Học vần “ng” và “ngh” nhé.",
        "Với k là hằng số bất kỳ nhé.",
        "The k of it",
        "Ng im lặng.",
        "Chỉ e lỡ hẹn với người.",
        "Đo khối lượng m rồi ghi vào bảng nhé.",
        "Tăng r lên thì hệ chậm lại.",
        "Điểm b nằm giữa hai đầu dây.",
        "Nhân vật tên là Ann.",
        "Xem mục iii nhé.",
        "Người Krông Búk đi Đắk Lắk.",
        "Tôi e sẽ muộn mất.",
        "A, mẹ về rồi nhé!",
        "Bà gọi a hoàn ra nhé.",
        "Thuốc bổ sung vitamin c và e nhé.",
        "Đàn ở gam c trưởng nhé.",
        "Mua vở loại a nhé.",
        "Ông Phạm Đình M nói xe do mình mua, còn chị Lê M thì không biết gì.",
    ],
)
def test_elsewhere_they_are_left(written: str) -> None:
    assert not [reading for reading in explain(written) if reading.rule == "chat"]
