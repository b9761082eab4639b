"""Currencies: ISO 4217 codes, and the symbols and words that stand for them."""

from __future__ import annotations

from archive.errors import BadValue
from archive.text import _

NO_CURRENCY = "XXX"
"""The ISO 4217 code for "no currency"."""

_IN_USE = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    BOV CHE CHW CLF COU MXV USN UYI UYW
"""  # last line: units of account
_FORMER = """
    ANG ATS BEF BGN BYR CUC CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MRO MTL NLG PTE SIT SKK SLL STD
    VED VEF ZMK ZWL
"""  # replaced currencies; old sales may use them
CURRENCIES = frozenset([*_IN_USE.split(), *_FORMER.split(), NO_CURRENCY])

SIGNS = {
    **{
        "$": "USD",
        "us$": "USD",
        "usd$": "USD",
        "a$": "AUD",
        "au$": "AUD",
        "aud$": "AUD",
        "ca$": "CAD",
        "c$": "CAD",
    },
    **{
        "cad$": "CAD",
        "hk$": "HKD",
        "mx$": "MXN",
        "nt$": "TWD",
        "nz$": "NZD",
        "r$": "BRL",
        "s$": "SGD",
        "sg$": "SGD",
    },
    **{"€": "EUR", "£": "GBP", "¥": "CNY", "cn¥": "CNY", "jp¥": "JPY", "元": "CNY", "圆": "CNY", "円": "JPY"},
    **{
        "₹": "INR",
        "₩": "KRW",
        "₽": "RUB",
        "₺": "TRY",
        "₴": "UAH",
        "₫": "VND",
        "฿": "THB",
        "₱": "PHP",
        "₪": "ILS",
    },
    **{
        "₦": "NGN",
        "₡": "CRC",
        "₲": "PYG",
        "₸": "KZT",
        "₾": "GEL",
        "₼": "AZN",
        "₭": "LAK",
        "₮": "MNT",
        "৳": "BDT",
    },
    **{
        "人民币": "CNY",
        "人民币元": "CNY",
        "日元": "JPY",
        "美元": "USD",
        "美金": "USD",
        "欧元": "EUR",
        "英镑": "GBP",
    },
    **{
        "港币": "HKD",
        "港元": "HKD",
        "韩元": "KRW",
        "台币": "TWD",
        "新台币": "TWD",
        "澳元": "AUD",
        "加元": "CAD",
    },
}
"""Symbols and words that may be next to a number without a blank, with their codes."""
WORDS = {
    **{
        "euro": "EUR",
        "euros": "EUR",
        "dollar": "USD",
        "dollars": "USD",
        "us-dollar": "USD",
        "sterling": "GBP",
    },
    **{"rmb": "CNY", "cnh": "CNY", "yuan": "CNY", "ntd": "TWD", "yen": "JPY", "won": "KRW", "baht": "THB"},
    **{"zł": "PLN", "zl": "PLN", "zloty": "PLN", "kč": "CZK", "forint": "HUF", "forints": "HUF"},
    **{
        "tl": "TRY",
        "lira": "TRY",
        "rand": "ZAR",
        "reais": "BRL",
        "rupiah": "IDR",
        "ringgit": "MYR",
        "dong": "VND",
    },
    **{
        "руб": "RUB",
        "руб.": "RUB",
        "rub.": "RUB",
        "грн": "UAH",
        "shekel": "ILS",
        "shekels": "ILS",
        "naira": "NGN",
    },
}
_SEVERAL = {
    **dict.fromkeys(("kr", "kr.", "krone", "kroner", "krona", "kronor"), "DKK, ISK, NOK, SEK"),
    **dict.fromkeys(("fr", "fr.", "franc", "francs", "franken"), "CHF, XAF, XOF"),
    **dict.fromkeys(("rs", "rs.", "rupee", "rupees"), "INR, LKR, NPR, PKR"),
    **dict.fromkeys(("pound", "pounds"), "EGP, GBP, LBP"),
    **dict.fromkeys(("peso", "pesos"), "ARS, CLP, COP, MXN, PHP"),
    **dict.fromkeys(("dinar", "dinars"), "BHD, DZD, IQD, JOD, KWD, LYD, RSD, TND"),
    **dict.fromkeys(("dirham", "dirhams"), "AED, MAD"),
    **dict.fromkeys(("rial", "rials", "riyal", "riyals", "﷼"), "IRR, OMR, QAR, SAR, YER"),
    **dict.fromkeys(("lei", "leu"), "MDL, RON"),
}
ALL_WORDS = frozenset((*WORDS, *_SEVERAL))
"""All words for currencies, including words shared by several currencies."""
MONEY_SIGN = "[$¢£¤¥֏؋৲৳฿៛\u20a0-\u20c0﷼]"
"""Regular expression for any currency symbol, known or not."""


def currency_named(mark: str) -> str:
    """Return the code for a symbol or word (lower case); unknown words are returned in upper case.

    Raises:
        BadValue: The word is shared by several currencies.
    """
    if codes := _SEVERAL.get(mark):
        raise BadValue(
            _("{word} can be several currencies: {codes}.").format(word=mark, codes=codes),
            _("Write the code: 12.50 {code}.").format(code=codes[:3]),
        )
    return SIGNS.get(mark) or WORDS.get(mark) or mark.upper()
