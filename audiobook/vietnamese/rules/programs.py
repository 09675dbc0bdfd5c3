"""What programmers write: names and paths in code, options, versions, operators, tags."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS, foreign_words
from audiobook.vietnamese.rules.links import PART_NAMES, is_sayable
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.program_words import say_name, say_path_part
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.rules.small_codes import SMALL_CODE, read_small_code
from audiobook.vietnamese.syllables import is_vietnamese

_LETTER = r"[^\W\d_⁰¹²³⁴-⁹]"
_LETTER_OR_DIGIT = r"[^\W_⁰¹²³⁴-⁹]"
_WORD = r"[A-Za-z][A-Za-z0-9]{0,40}"
_TAIL = r"(?:_{1,2}[A-Za-z0-9]{1,40})"
_NAME = (
    # getUserById(), opt.get(), std::cout
    rf"(?:_{{0,2}}{_WORD}(?:(?:\.|::|->){_WORD}{_TAIL}{{0,8}}){{1,6}}(?=\()"
    rf"|{_WORD}(?:::{_WORD}){{1,4}}(?!\w)"
    # user_id, __init__, _name
    rf"|_{{0,2}}{_LETTER}{_LETTER_OR_DIGIT}{{0,40}}(?:_{{1,2}}{_LETTER_OR_DIGIT}{{1,40}}){{1,8}}_{{0,2}}(?!\w)"
    rf"|__{_WORD}__(?!\w)|_{{1,2}}{_WORD}(?!\w)"
    # firstName, ProductCategoryRow, ShowMessage()
    r"|[a-z]{2,20}(?:[A-Z][a-z0-9]{1,20}){1,8}(?!\w)"
    r"|(?:[A-Z][a-z0-9]{1,20}){3,8}(?!\w)|(?:[A-Z][a-z0-9]{1,20}){2}(?=\())"
)
_DOTTED = rf"{_WORD}{_TAIL}{{0,4}}(?:\.{_WORD}{_TAIL}{{0,4}}){{1,6}}(?![\w@]|-\w|\.\w)"
_UNITS = frozenset(("mmHg", "kmHg"))
_OPERATORS = {
    "++": "cộng cộng",
    "--": "trừ trừ",
    "&&": "và",
    "||": "hoặc",
    "==": "bằng bằng",
    "===": "bằng bằng bằng",
    "!=": "khác",
    "!==": "khác",
    "+=": "cộng bằng",
    "-=": "trừ bằng",
    "*=": "nhân bằng",
}
_OPERATOR = (
    r"(?<![^\s(“\"'`])(?:&&|\|\||!==?|===?|[-+*]=)(?![^\s),;”\"'`])|(?<=\w)\+\+(?![\w+])|(?<![\w+])\+\+(?=[a-z])"
    r"|(?<=[A-Za-z])--(?=[;)]|\s[<>=]|\Z)"
)
_NUMBERS = r"[0-9]{1,4}(?:\.[0-9]{1,5}){0,4}"
_PRERELEASE = (
    r"-?(?P<mark>alpha|beta|rc|dev|preview|snapshot|release|lts|SNAPSHOT|RC|RELEASE|LTS)"
    r"(?:[.-]?(?P<last>[0-9]{1,4}))?"
)
_PATH = r"(?<![^\s(“\"'‘`])/[a-z][\w-]{0,40}(?:/[\w.:{}*-]{1,60}){0,12}(?<![.:])"
_HIDDEN = r"(?<![^\s(“\"'‘`])\.[A-Za-z][A-Za-z0-9_-]{1,24}(?:/[\w.-]{1,60}){0,8}(?<!\.)(?![\w@])"
_TAG = r"</?[^\W\d_][\w-]{0,30}(?: [\w-]{1,20}){0,3}\s?/?>"
MAYBE = re.compile(
    r"[A-Z](?<=[a-z].)(?=[a-z])|-(?<=[a-z0-9].)[b-df-hj-np-tv-xz]{2}|[ensx]/[a-z](?<=(?:ture|tfix|gfix|ease|refs|igin)/.)|_|\(\)|::|C/C\+|[A-Z]/[A-Z](?!\w)|(?<!\w)[vV]\.?[0-9]|[0-9]-[A-Za-z]{2}|[a-z][0-9]"
    r"|\.[A-Za-z](?<![^\s(“\"'‘`A-Za-z]..)|[/-][A-Za-z-](?<![^\s(“\"'‘`]..)"
    r"|[-+*!&=|][=+&|-]|(?:phép|toán tử|dấu) [^\W\d_]{3,5} \W|\[\]|\{\}|</?[^\W\d_]|\\[a-z]"
    rf"|\$[A-Z_{{]|>\s?[{CAPITALS}]|[a-z][-_][A-Z]|O\("
)
"""What a text has that any of these rules may read."""
STARTS = (
    re.compile(
        rf"[a-zA-Z_.](?<![\w.].)(?<!\W/.)(?<=(?={_NAME}|{_DOTTED}|{_HIDDEN}|C/C\+|[A-Z]/[A-Z](?!\w)"
        rf"|[vV]\.?[0-9]|{SMALL_CODE}|O\(|[a-z]{{2}}[-_][A-Z]{{2}}).)|\s?>(?=\s?[{CAPITALS}])"
        r"|[^\W\d_a-zA-Z](?<!\w.)(?=[^\W_]{0,40}_[^\W_])"
        r"|[-/](?<![^\s(“\"'‘`].)(?=[A-Za-z-])|[-+*!&=|](?=[=+&|-])|<(?=/?[^\W\d_])|\\(?=[a-z](?!\w))"
        r"|\$(?=[A-Z_{])|[-+*/=](?<=[\s(“\"'`].)(?![^\s,.;)”\"'])|[(\[{](?=[)\]}])(?<!\w.)"
    ),
)
"""Where these rules may start, apart from digits."""


def _read_name(match: re.Match[str], accent: Accent) -> str | None:
    """Read user_id and opt.get() word by word; getUserById is a word, for whoever respells it."""
    written = match["said"]
    if written in _UNITS or written.isalpha() or written.lower() in foreign_words():
        return None
    return say_name(written, accent)


def _read_dotted_name(match: re.Match[str], accent: Accent) -> str | None:
    """Read this.state.value; a stop between words of Vietnamese only lacks its space."""
    written = match["said"]
    if written in EXPANSIONS or f"{written}." in EXPANSIONS:
        return None
    parts = written.split(".")
    is_called = match.string[match.end() : match.end() + 1] == "("
    is_short = len(parts[0]) == 1 and not is_called
    if (
        all(len(part) < len("abc") for part in parts)
        or is_short
        or parts[0] in EXPANSIONS
        or is_vietnamese(parts[0])
    ):
        return None
    is_code = len(parts) > len("ab") or is_called
    if not is_code and (is_vietnamese(parts[-1]) or parts[-1].isupper()):
        return None
    return f" {PART_NAMES['.']} ".join(
        spell(part) if len(part) == 1 or part == "ie" else say_name(part, accent) for part in parts
    )


def _read_hidden_file(match: re.Match[str], accent: Accent) -> str | None:
    """Read .env and .gitignore; ".Anh" is a full stop in front of its space."""
    name = match["said"]
    if is_vietnamese(name) or name.isupper():
        return None
    slash = f" {PART_NAMES['/']} "
    return (
        f"{PART_NAMES['.']} {slash.join(say_path_part(part, accent) for part in name.split('/'))}"
    )


def _read_path(match: re.Match[str], accent: Accent) -> str | None:
    """Read /api/v1/users; "/ngành" stands between two words of Vietnamese."""
    parts = match["said"][1:].split("/")
    if len(parts) == 1 and is_vietnamese(parts[0]):
        return None
    slash = PART_NAMES["/"]
    return " ".join(f"{slash} {say_path_part(part, accent)}" for part in parts)


_COMMAND_BEFORE = re.compile(
    r"(?<!\w)(?:[Ll]ệnh|[Tt]ù?y chọn|[Tt]uỳ chọn|[Tt]ham số|[Cc]ờ|option|flag|docker|git|npm|npx"
    r"|yarn|pip3?|apt|sudo|curl|ssh|scp|tar|ls|rm|cp|mv|mkdir|grep|python3?|java|javac|gcc|g\+\+"
    r"|kubectl|chmod|find|ps|brew|wget|ping|nmap|adb|scrcpy|[a-z]+-[a-z]+)(?!\w)[^.;]*\Z"
)


def _read_option(match: re.Match[str], accent: Accent) -> str | None:
    """Read --save-dev, and the -d of a command; "-Anh" begins what somebody says."""
    dashes, name = match["dashes"], match["said"]
    if len(dashes) == 1 and not search_before(match, _COMMAND_BEFORE, 80):
        return None
    if len(dashes) == 1 and is_vietnamese(name) and len(name) > 1:
        return None
    dash = PART_NAMES["-"]
    spoken_name = spell(name) if len(name) == 1 else say_path_part(name, accent)
    return " ".join((*[dash] * len(dashes), spoken_name))


def _read_version(match: re.Match[str], accent: Accent) -> str:
    """Read v1.2.3 and v2.0-rc1."""
    numbers = (
        digits(part, accent) if len(part) > 1 and part[0] == "0" else cardinal(int(part), accent)
        for part in match["numbers"].split(".")
    )
    spoken = " chấm ".join(numbers)
    if match["letter"]:
        spoken = f"{spell('v')} {spoken}"
    if match["mark"]:
        mark = match["mark"].lower()
        spoken += f" {mark if is_sayable(mark) or len(mark) > len('abc') else spell(mark)}"
    if match["last"]:
        spoken += f" {cardinal(int(match['last']), accent)}"
    return spoken


def _read_operator(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    is_glued = match.string[max(0, match.start() - 1) : match.start()].isalnum()
    return f"{' ' * is_glued}{_OPERATORS[match[0]]}"


_NAMED_SIGN = re.compile(
    r"(?<!\w)(?:(?P<plus>cộng)|(?P<minus>trừ)|(?P<times>nhân)|(?P<by>chia)|(?P<equals>bằng))"
    r"\s[(“\"'`]?\Z"
)
_NAMES_OF_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "by", "=": "equals"}
_NAMES_SIGN = re.compile(r"(?<!\w)(?:phép|toán tử|dấu|phím|nút)\s[^\W\d_]{3,5}\s[(“\"'`]?\Z")


def _leave_out_named_sign(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Leave out the sign of "phép cộng +", whose name stands before it."""
    named = search_before(match, _NAMED_SIGN, 8)
    is_named = named and named.lastgroup == _NAMES_OF_SIGNS[match[0]]
    return "" if is_named and search_before(match, _NAMES_SIGN, 20) else None


_BRACKETS = {"()": "ngoặc tròn", "[]": "ngoặc vuông", "{}": "ngoặc nhọn"}


def _read_brackets(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return _BRACKETS[match[0]]


_MENU_BEFORE = re.compile(
    r"(?<!\w)(?:vào|mở|chọn|tới|đến|trong|menu|nhấn|bấm|nhấp|click|Settings|Cài đặt|File|Edit|Tools"
    r"|Start|Control Panel|Sketch)(?!\w)[^.;]*\w\Z",
    re.IGNORECASE,
)


def _read_menu(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read Settings > General as a path through menus, and leave out the mark of a quotation."""
    if not match.start():
        return ""
    return ", " if search_before(match, _MENU_BEFORE, 80) else None


def _read_two_codes(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read vi-VN, a language and its country."""
    return spell(match[0])


def _read_tag(match: re.Match[str], accent: Accent) -> str:
    """Read <div> and the String of List<String> by their names."""
    text, start, end = match.string, match.start(), match.end()
    space_before = " " if text[max(0, start - 1) : start].isalnum() else ""
    space_after = " " if text[end : end + 1].isalnum() else ""
    name = match["said"]
    if not name.isascii() or " " in name:
        spoken = re.sub("[0-9]+", lambda number: f" {digits(number[0], accent)} ", name)
        return f"{space_before}{' '.join(re.split('[ _]+', spoken))}{space_after}"
    return f"{space_before}{say_path_part(name, accent)}{space_after}"


def _read_escape(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{PART_NAMES[chr(92)]} {spell(match['said'])}"


def _read_variable(match: re.Match[str], accent: Accent) -> str:
    """Read $HOME and ${PORT}."""
    return f"đô la {say_name(match['said'], accent)}"


_SIGN_BEFORE = re.compile(r"[=+×·<>(-]\s?\Z")


def _read_two_letters(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read I/O and A/B; T/M is an abbreviation, U/R a quotient."""
    is_formula = search_before(match, _SIGN_BEFORE, 3) is not None
    return None if match[0] in EXPANSIONS or is_formula else spell(match[0])


RULES = (
    Rule("C and C++", re.compile(r"(?<!\w)C/(?=C\+\+)"), lambda _match, _accent: "xê, "),
    Rule("letters", re.compile(r"(?<![\w/])[A-Z]/[A-Z](?![\w/])"), _read_two_letters),
    Rule(
        "version",
        re.compile(
            rf"(?<![\w.])(?P<letter>[vV])\.?(?P<numbers>{_NUMBERS})(?:{_PRERELEASE})?(?!\w|[.,][0-9])"
        ),
        _read_version,
    ),
    Rule(
        "version",
        re.compile(rf"(?<![\w.])(?P<letter>)(?P<numbers>{_NUMBERS}){_PRERELEASE}(?!\w|[.,][0-9])"),
        _read_version,
    ),
    Rule(
        "option",
        re.compile(
            r"(?<![^\s(“\"'‘`])(?P<dashes>--?)(?P<said>[A-Za-z][A-Za-z0-9_-]{0,40})(?<!-)(?!\w)"
        ),
        _read_option,
    ),
    Rule("path", re.compile(rf"(?P<said>{_PATH})(?!\w)"), _read_path),
    Rule(
        "file name",
        re.compile(rf"(?={_HIDDEN})\.(?P<said>[\w-]{{1,25}}(?:/[\w.-]{{1,60}}){{0,8}})(?<!\.)"),
        _read_hidden_file,
    ),
    Rule("menu", re.compile(rf"\s?>\s?(?=[{CAPITALS}][^\W\d_])"), _read_menu),
    Rule("language", re.compile(r"(?<![\w-])[a-z]{2}[-_][A-Z]{2}(?![\w-])"), _read_two_codes),
    Rule("operator", re.compile(_OPERATOR), _read_operator),
    Rule("named sign", re.compile(r"[-+*/=](?![^\s,.;)”\"'])"), _leave_out_named_sign),
    Rule("brackets", re.compile(r"(?:\(\)|\[\]|\{\})(?<!\w..)(?!\w)"), _read_brackets),
    Rule("tag", re.compile(rf"(?={_TAG})</?(?P<said>[\w -]+?)\s?/?>"), _read_tag),
    Rule("escape", re.compile(r"\\(?P<said>[a-z])(?!\w)"), _read_escape),
    Rule(
        "variable",
        re.compile(r"(?<![\w$])\$(?P<open>\{)?(?P<said>[A-Z_]{2,40})(?![\w$])(?(open)\})"),
        _read_variable,
    ),
    Rule("letter", re.compile(r"(?<!\w)O(?=\([a-z0-9])"), lambda match, _accent: spell(match[0])),
    # The _Next.js_ of Markdown, whose second mark is silent anyway.
    Rule(
        "emphasis",
        re.compile(r"(?<!\w)_(?=[^\W_][^_]{0,60}_(?!\w))"),
        lambda _match, _accent: "",
    ),
    Rule(
        "name in code",
        re.compile(rf"(?<![\w.@#])(?<!\W/)(?P<said>{_NAME})(?:\(\))?"),
        _read_name,
    ),
    Rule(
        "name in code",
        re.compile(rf"(?<![\w.@#])(?<!\W/)(?P<said>{_DOTTED})(?:\(\))?"),
        _read_dotted_name,
    ),
    Rule("code", re.compile(rf"(?<![\w.@/-]){SMALL_CODE}"), read_small_code),
)
