"""What texts about computers have: keys, servers, ports, hashes, models, answers of servers."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.links import PART_NAMES, is_sayable, say_address
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, digits, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before
from audiobook.vietnamese.syllables import is_vietnamese

_LARGEST_BYTE = 255

_KEY = r"(?:Ctrl|Control|Alt|Shift|Cmd|Command|Win|Windows|Fn|Option)"
_PRESSED = (
    rf"(?:{_KEY}|[A-Z](?!\w)|F[0-9]{{1,2}}|[0-9]|Enter|Tab|Esc|Del|Delete|Space|Home|End|PrtSc"
    r"|[~;,./](?!\w))"
)
_KEY_NAMES = {
    "Ctrl": "Control",
    "Cmd": "Command",
    "Del": "Delete",
    "Win": "Windows",
    "Esc": "Escape",
    "PrtSc": "Print Screen",
    "~": "dấu ngã",
    ";": "dấu chấm phẩy",
    ",": "dấu phẩy",
    ".": "dấu chấm",
    "/": "dấu gạch chéo",
}

_PRODUCT = (
    r"(?<!\w)(?:iPhone|iPad|Galaxy(?: \w{1,8})?|Windows|Win|Android|iOS|macOS|Office|Ubuntu|Python"
    r"|Java|PHP|Redmi(?: Note)?|Note|Pixel|Mate|PS|RTX|GTX|Core|Node|Angular|Laravel)\s"
)
_HEXADECIMAL = r"0x[0-9A-Fa-f]{1,16}(?![0-9a-zA-Z])"
_HASH = r"(?=[0-9]{0,40}[a-f])(?=[a-f]{0,40}[0-9])[0-9a-f]{7,40}(?!\w)"
_SMALL_KEY = r"(?:ctrl|alt|shift|cmd)"
_CALLED = rf"(?:{_KEY}(?:\s?[-+]|\s[A-Z](?!\w))|{_SMALL_KEY}\s?\+)"
MAYBE = re.compile(
    rf"{_CALLED}|localhost|[0-9]\.[0-9]{{1,3}}\.[0-9]{{1,3}}\.[0-9]|0x[0-9]|[0-9a-f]{{7}}"
    rf"|[a-z]{{2}}-[0-9]|[0-9]\+\s|[345][0-9]{{2}}/[345]|[1-9]xx| \* |802\.[0-9]|[0-9]:[0-9]{{2}}"
    rf"|{_PRODUCT}[0-9]{{1,4}}[/0-9]|[0-9](?:[pxK]|K[FS]|X3D)(?!\w)"
)
"""What a text has that any of these rules may read."""
STARTS = (
    re.compile(
        rf"[A-Za-z](?<!\w.)(?<=(?={_CALLED}|localhost:|{_HASH}|[a-z]{{2,4}}-[0-9]).)|\*(?=\*? )"
    ),
)
"""Where these rules may start, apart from digits."""


def _read_keys(match: re.Match[str], accent: Accent) -> str:
    """Read keys that are pressed together: Ctrl+Shift+S."""
    keys = re.split(r"\s?[-+]\s?|\s", match[0])
    return " ".join(_say_key(key, accent) for key in keys)


def _say_key(key: str, accent: Accent) -> str:
    number = key.lstrip("Ff")
    if number.isdecimal():
        return f"{spell('F') if key[0] in 'Ff' else ''} {cardinal(int(number), accent)}".strip()
    return _KEY_NAMES.get(key.capitalize()) or (spell(key) if len(key) == 1 else key)


def _read_server(match: re.Match[str], accent: Accent) -> str | None:
    """Read 127.0.0.1:8080 and 10.0.0.0/8; 8.000.000.000 is a number, not a server."""
    numbers = [part for part in match["host"].split(".") if part.isdecimal()]
    if any(str(int(part)) != part or int(part) > _LARGEST_BYTE for part in numbers):
        return None
    spoken = " chấm ".join(
        cardinal(int(part), accent) if part.isdecimal() else part
        for part in match["host"].split(".")
    )
    if match["mask"]:
        spoken += f" {PART_NAMES['/']} {cardinal(int(match['mask']), accent)}"
    if match["port"]:
        spoken = f"{spoken} hai chấm {_say_port(match['port'], accent)}"
    path = (match["path"] or "").strip("/")
    slash = PART_NAMES["/"]
    return f"{spoken} {slash} {say_address(path)}" if path else spoken


def _say_port(port: str, accent: Accent) -> str:
    return cardinal(int(port), accent) if port.endswith("00") else digits(port)


def _read_network_standard(match: re.Match[str], accent: Accent) -> str:
    number = cardinal(int(match["number"]), accent)
    return f"{cardinal(802, accent)} chấm {number} {spell(match['letters'])}"


_PORT_BEFORE = re.compile(r"(?:-p|--publish|[Cc]ổng|ports?)[ :=\"']{1,3}\Z")


def _read_port_mapping(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 8080:80 of a container, whose ports are joined."""
    if not search_before(match, _PORT_BEFORE, 16):
        return None
    return " hai chấm ".join(_say_port(port, accent) for port in match[0].split(":"))


_PRODUCT_BEFORE = re.compile(rf"{_PRODUCT}\Z")


def _read_models(match: re.Match[str], accent: Accent) -> str | None:
    """Read the models of iPhone 12/13/14, which are no date."""
    if not search_before(match, _PRODUCT_BEFORE, 24):
        return None
    return ", ".join(cardinal(int(number), accent) for number in match[0].split("/"))


_STATUS_BEFORE = re.compile(
    r"(?<!\w)(?:lỗi|mã|HTTP|status|redirect|URL|chập chờn|phản hồi|trả về)(?!\w)[^.;]*\Z",
    re.IGNORECASE,
)


def _read_statuses(match: re.Match[str], accent: Accent) -> str | None:
    """Read lỗi 502/504, two answers of a server."""
    if not search_before(match, _STATUS_BEFORE, 40):
        return None
    return f"{cardinal(int(match['first']), accent)}, {cardinal(int(match['other']), accent)}"


def _read_class_of_status(match: re.Match[str], accent: Accent) -> str:
    """Read 5xx, all answers of a server that begin with 5."""
    return f"{cardinal(int(match['digit']), accent)} {spell('xx')}"


def _read_times(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "mũ" if match[0] == "**" else "nhân"


_AGES = frozenset(("16", "18", "21"))
_MORE_BEFORE = frozenset("hơn trên khoảng gần".split())


def _read_more(match: re.Match[str], accent: Accent) -> str | None:
    """Read 13+ in front of what is counted; 18+ is an age, iPhone 6+ a model."""
    name = search_before(match, _NAME_BEFORE, 24)
    if match["number"] in _AGES or (name and not is_vietnamese(name[1])):
        return None
    number = say_number(match["number"], accent)
    return number if word_before(match) in _MORE_BEFORE else f"hơn {number}"


_NAME_BEFORE = re.compile(r"(?<!\S)([A-Za-z]*[A-Z][\w.-]*)\s\Z")


def _read_lettered_number(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the fx of fx-580, letters that cannot be said as a word."""
    letters = match["letters"]
    return None if is_sayable(letters) else f"{spell(letters)} "


def _read_hexadecimal(match: re.Match[str], accent: Accent) -> str:
    start = f"{digits('0', accent)} {spell('x')} " if match[0].startswith("0x") else ""
    body = match[0][2:] if start else match[0]
    return start + " ".join(
        digits(sign, accent) if sign.isdecimal() else spell(sign) for sign in body
    )


_NUMBER_AND_LETTER = re.compile(r"[0-9]+[a-f]")


def _read_hash(match: re.Match[str], accent: Accent) -> str | None:
    """Read 3f2a9bc, the name of a commit, sign by sign."""
    return None if _NUMBER_AND_LETTER.fullmatch(match[0]) else _read_hexadecimal(match, accent)


def _read_processor(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 245K of a processor, which is no sum of money."""
    if not search_before(match, _PROCESSOR_BEFORE, 24):
        return None
    parts = re.findall("[0-9]+|[A-Z]", f"{match['number']}{match['letters']}")
    return " ".join(
        cardinal(int(part), accent) if part.isdecimal() else spell(part) for part in parts
    )


_PROCESSOR_BEFORE = re.compile(r"(?<!\w)(?:Core|Ultra|Ryzen|Xeon)(?:[ -]i?[0-9])?[ -]\Z")
_VIDEO_BEFORE = re.compile(
    r"(?<!\w)(?:[248]K|HD|UHD|quay|video|phim)(?!\w)[^.,;]*\Z", re.IGNORECASE
)


def _read_frames(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 30p of a video, which are frames, not minutes."""
    if not search_before(match, _VIDEO_BEFORE, 24):
        return None
    return f"{cardinal(int(match['number']), accent)} {spell('p')}"


def _read_factor(match: re.Match[str], accent: Accent) -> str:
    """Read 2,7x, how many times a lens or a program is stronger."""
    return f"{say_number(match['number'], accent)} {spell('x')}"


RULES = (
    Rule(
        "keys",
        re.compile(rf"(?<!\w){_KEY}(?:(?:\s?[-+]\s?|\s(?=[A-Z](?!\w))){_PRESSED}){{1,3}}(?!\w)"),
        _read_keys,
    ),
    Rule(
        "keys",
        re.compile(
            rf"(?<!\w){_SMALL_KEY}(?:\s?\+\s?(?:{_SMALL_KEY}|{_PRESSED}|[a-z](?!\w)|f[0-9]{{1,2}}"
            r"|enter|tab|esc|del|delete|space|home|end)){1,3}(?!\w)"
        ),
        _read_keys,
    ),
    Rule(
        "server",
        re.compile(
            r"(?<![\w.])(?:https?://)?(?P<host>localhost(?=:)|(?<=//)localhost(?=/)"
            r"|[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
            r"(?:/(?P<mask>[0-9]{1,2})(?!\w))?(?::(?P<port>[0-9]{2,5}))?"
            r"(?P<path>/(?:[a-zA-Z][\w./?=&%-]{0,200}(?<![.?]))?)?(?![\w.]\w)"
        ),
        _read_server,
    ),
    # IEEE 802.11ax
    Rule(
        "standard",
        re.compile(r"(?<![\w.])802\.(?P<number>[0-9]{1,2})(?P<letters>[a-z]{1,2}|[A-Z])(?!\w)"),
        _read_network_standard,
    ),
    Rule("ports", re.compile(r"(?<!\w)[0-9]{2,5}:[0-9]{2,5}(?![\w:])"), _read_port_mapping),
    Rule("hexadecimal", re.compile(rf"(?<!\w){_HEXADECIMAL}"), _read_hexadecimal),
    Rule("hexadecimal", re.compile(rf"(?<![\w.,#-]){_HASH}"), _read_hash),
    Rule(
        "models",
        re.compile(r"(?<![\w./])[0-9]{1,4}(?:/[0-9]{1,4}){1,5}(?![\w/])"),
        _read_models,
    ),
    Rule(
        "status",
        re.compile(r"(?<![\w./])(?P<first>[345][0-9]{2})/(?P<other>[345][0-9]{2})(?![\w/])"),
        _read_statuses,
    ),
    Rule("status", re.compile(r"(?<!\w)(?P<digit>[1-9])xx(?!\w)"), _read_class_of_status),
    Rule(
        "times",
        re.compile(r"(?:(?<=[0-9)] )|(?<=[a-zA-Z] )(?=\*\*? [0-9(]))\*\*?(?= [0-9a-zA-Z(])"),
        _read_times,
    ),
    Rule(
        "more than",
        re.compile(rf"(?<![\w.,+])(?P<number>{NUMBER})\+(?=\s[a-zà-ỹ]{{2}})"),
        _read_more,
    ),
    Rule(
        "code",
        re.compile(r"(?<![\w.,-])(?<![0-9]\s)(?P<letters>[a-z]{2,4})-(?=[0-9]{1,4}(?![\w]*[-/]))"),
        _read_lettered_number,
    ),
    Rule(
        "processor",
        re.compile(r"(?<![\w.,-])(?P<number>[0-9]{3,5})(?P<letters>K[FS]?|X3D)(?!\w)"),
        _read_processor,
    ),
    Rule("frames", re.compile(r"(?<![\w.,])(?P<number>24|25|30|50|60|120)p(?!\w)"), _read_frames),
    Rule("factor", re.compile(r"(?<![\w.,])(?P<number>[0-9]{1,3}[.,][0-9])x(?!\w)"), _read_factor),
)
