"""Paragraphs are judged as justext judges them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.stages.readers.page import boilerplate

justext = pytest.importorskip("justext.core", reason="the extra 'web' is not installed")


@given(st.lists(st.sampled_from(["good", "neargood", "bad", "short"]), max_size=12))
def test_every_paragraph_is_judged_as_by_justext(classes: list[str]) -> None:
    ours, theirs = (
        [SimpleNamespace(cf_class=own, class_type="", heading=False, text="chữ") for own in classes]
        for _ in range(2)
    )
    boilerplate.judge(ours, 150)
    justext.revise_paragraph_classification(theirs, 150)
    assert [each.class_type for each in ours] == [each.class_type for each in theirs]
