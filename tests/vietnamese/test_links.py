"""Addresses of the net, handles, hashtags and files."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ten.ho@mail.vn", "ten chấm ho a còng mail chấm vê en"),
        ("pqh@vidu.vn", "pê quy hát a còng vidu chấm vê en"),
        ("abc.vn", "a bê xê chấm vê en"),
        ("zing.vn", "zing chấm vê en"),
        ("bao.com.vn", "bao chấm com chấm vê en"),
        ("https://vidu.vn/tim?q=sach", "vidu chấm vê en gạch chéo tim chấm hỏi quy bằng sach"),
        ("vào vidu.vn?", "vào vidu chấm vê en?"),
        ("@lan_anh", "a còng lan gạch dưới anh"),
        ("#YeuHaNoi", "thăng Yeu Ha Noi"),
        ("#ViệtNam", "thăng Việt Nam"),
        ("bao_cao.pdf", "bao gạch dưới cao chấm pê đê ép"),
        ("nhac.mp3", "nhac chấm em pê ba"),
        (r"D:\Tai\lan.txt", "đê hai chấm gạch chéo ngược Tai gạch chéo ngược lan chấm tê ích tê"),
        ("/etc/hosts", "gạch chéo e tê xê gạch chéo hosts"),
        ("~/nhac", "dấu ngã gạch chéo nhac"),
    ],
)
def test_what_is_said(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize("written", ["và/hoặc", "nam /nữ", "về.Hôm nay", "bộ /ngành", "A.B.C."])
def test_what_is_no_address(written: str) -> None:
    assert normalize(written) == written
