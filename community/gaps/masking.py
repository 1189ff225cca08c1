"""What tells who somebody is and how to reach them is taken out of words before these are written anywhere.

E-mail addresses, telephone numbers as they are written in Africa, Europe and the Gulf, and the long numbers
of identity cards, passports, cards and accounts go. Amounts, years and dates stay: they are what is asked
for. Names of people stay too; no program knows them for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

MAIL, PHONE, NUMBER = "[e-mail]", "[phone]", "[number]"

_MAIL = re.compile(
    r"[\w.+%'-]*\w\s?(?:@|[(\[]\s?(?:at|@|arobase|arroba)\s?[)\]])\s?\w[\w-]*"
    r"(?:\s?(?:\.|[(\[]\s?(?:dot|point|ponto|\.)\s?[)\]])\s?\w[\w-]*)+",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")
# "A1234567", "GHA-123456789-0", "CM860321045RLA", "12AB34567", "QQ 12 34 56 C"
_LETTERED = re.compile(
    r"\b[A-Z]{1,3}-?\d{6,}(?:-?[A-Z0-9]+)*\b|\b\d{6,}[A-Z]\b|\b\d\d[A-Z]{2}\d{5}\b"
    r"|\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b",
    re.IGNORECASE,
)
_RUN = re.compile(r"(?<!\d)\+?[(]?\+?\d(?:[\s().–/-]{0,3}\d){5,}")
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"(?<![\d./-])(?:{_YEAR}([./-])\d{{1,2}}\1\d{{1,2}}|\d{{1,2}}([./-])\d{{1,2}}\2{_YEAR}"
    rf"|{_YEAR}\s?[/–-]\s?(?:{_YEAR}|\d\d)|{_YEAR}(?:[\s–-]+{_YEAR})+)(?![./-]?\d)"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_MONEY = (
    r"(?:[$€£₦₵]|\b(?:US|A|AU|C|CA|NZ)\$|\b(?:USD|EUR|GBP|AUD|KE?SH?S?|KES|UGX|TZS|RWF|ETB|ZAR|GHS|NGN|MAD|EGP|TND"
    r"|XOF|XAF|F ?CFA|FCFA|CFA|MZN|AOA|AED|SAR|QAR|dollars?|euros?|shillings?|francs?|rands?|nairas?|cedis?"
    r"|meticais|kwanzas?|shilingi|دولار|شلن|درهم|ريال)\b)"
)
_MONEY_BEFORE = re.compile(_MONEY + r"\s?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"\s?(?:/-)?" + _MONEY, re.IGNORECASE)
# What is written straight before a number that is somebody's.
_CUE = re.compile(
    r"(?:\b(?:tel|phone|telephone|mobile|cell(?:phone)?|whats ?app|sms|call|ring|text|fax|contact|passport"
    r"|téléphone|tél|portable|appele[rz]|passeport|telefone|telemóvel|celular|ligue|passaporte|simu|piga|pasipoti"
    r"|id(?:entity)?(?: card)?|carte d'identité|bilhete de identidade|kitambulisho|nin|pin|bvn|ssn)"
    r"|هاتف|الهاتف|واتساب|جوال|موبايل|جواز|الهوية|بطاقة)"
    r"(?:\s?(?:no|nr|number|numéro|número|nambari|رقم|card|me|us|is|at|on|au|est|no|é|ni|ya)\b)*[\s.:#°º]*$",
    re.IGNORECASE,
)
# Where the people of this community live and work: Africa, Europe, the Gulf, and where many of them go.
_REGIONS = (
    "DZ AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU "
    "MA MZ NA NE NG RW ST SN SC SL SO ZA SS SD TZ TG TN UG ZM ZW GB IE FR PT ES IT DE NL BE LU CH AT DK SE "
    "NO FI PL GR MT CY AE SA QA KW BH OM JO LB TR AU NZ CA US"
).split()
_LOCAL = range(8, 12)  # digits of a telephone number without the code of its country


def masked(text: str) -> str:
    """``text`` with a word in brackets in the place of every address and number that is somebody's."""
    for pattern, word in ((_MAIL, MAIL), (_ACCOUNT, NUMBER), (_LETTERED, NUMBER)):
        text = pattern.sub(word, text)
    return "".join(_without_numbers(text))


def _without_numbers(text: str) -> Iterator[str]:
    """``text`` piece by piece. Days and years are cut out first, so that nothing runs on into them."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    at = 0
    for start, end in _between_days(plain):
        for run in _RUN.finditer(plain, start, end):
            if word := _word_for(run.group(), plain[: run.start()][-40:], plain[run.end() :][:20]):
                yield text[at : run.start()] + word
                at = run.end()
    yield text[at:]


def _between_days(plain: str) -> Iterator[tuple[int, int]]:
    at = 0
    for day in _DAY.finditer(plain):
        yield at, day.start()
        at = day.end()
    yield at, len(plain)


def _word_for(run: str, before: str, after: str) -> str:
    """What stands in the place of ``run``; empty where it may stay."""
    digits = "".join(filter(str.isdigit, run))
    if _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after):
        return ""
    if _CUE.search(before):
        return PHONE if len(digits) >= 6 else ""
    if _is_amount(run, digits):
        return ""
    if run[0] in "+(" or digits[0] == "0":
        return PHONE if len(digits) >= 7 else ""
    if run.isdigit():
        return _for_plain(digits)
    return _for_grouped(run, digits)


def _is_amount(run: str, digits: str) -> bool:
    """A number with its thousands apart, or a round one: unless it is a telephone number written so."""
    if digits[0] == "0":
        return False
    if digits.endswith("000"):
        return run.isdigit() or bool(_THOUSANDS.fullmatch(run.lstrip("+")))
    return bool(_THOUSANDS.fullmatch(run)) and not (len(digits) in _LOCAL and _rings_somewhere(digits))


def _for_plain(digits: str) -> str:
    if len(digits) < 8 or (len(digits) == 8 and _is_day(digits)):
        return ""
    return PHONE if len(digits) in _LOCAL and _rings_somewhere(digits) else NUMBER


def _for_grouped(run: str, digits: str) -> str:
    if max(map(len, re.findall(r"\d+", run))) >= 5 or len(digits) > max(_LOCAL):
        return NUMBER if len(digits) >= 8 else ""
    return PHONE if len(digits) in _LOCAL and _rings_somewhere(digits) else ""


def _is_day(digits: str) -> bool:
    return any(_reads_as(digits, form) for form in ("%Y%m%d", "%d%m%Y"))


def _reads_as(digits: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(digits, form).year <= 2100
    except ValueError:
        return False


def _rings_somewhere(digits: str) -> bool:
    """Whether it is a telephone number, without its country's code, in one of our countries."""
    from phonenumbers import NumberParseException, is_valid_number_for_region, parse

    for region in _REGIONS:
        try:
            if is_valid_number_for_region(parse(digits, region), region):
                return True
        except NumberParseException:
            continue
    return False
