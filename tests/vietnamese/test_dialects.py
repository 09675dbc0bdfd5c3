"""What differs between regions stands in one table, which the rules use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiobook.vietnamese import normalize
from audiobook.vietnamese.dialects import DIALECTS, every_word
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from audiobook.vietnamese.rules.rule import Accent


def test_every_row_has_three_words_and_a_source() -> None:
    for row in load_table("dialects.tsv"):
        assert len(row) == 5, row
        assert all(row), row


def test_every_accent_has_every_word() -> None:
    north, central, south = DIALECTS.values()
    assert north.keys() == central.keys() == south.keys()


@pytest.mark.parametrize("accent", ["north", "central", "south"])
def test_numbers_are_said_with_the_words_of_the_accent(accent: Accent) -> None:
    words = DIALECTS[accent]
    odd, thousand, four = words["odd"], words["thousand"], words["four after a ten"]
    assert normalize("101", accent) == f"một trăm {odd} một"
    assert normalize("7.024", accent) == f"bảy {thousand} không trăm hai mươi {four}"
    assert normalize("5‰", accent) == f"năm phần {thousand}"
    assert normalize("25k", accent) == f"hai mươi lăm {thousand}"
    assert normalize("tháng 4", accent) == "tháng tư"


def test_a_text_may_use_the_words_of_another_region() -> None:
    assert every_word("thousand") == ("nghìn", "ngàn")
    assert normalize("5 ngàn USD", "north") == "năm ngàn đô la Mỹ"
    assert normalize("mồng 2/9", "south") == "mồng hai tháng chín"
