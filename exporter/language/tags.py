"""Language tags (BCP 47, https://www.rfc-editor.org/rfc/rfc5646): which texts are one, and which was meant."""

from __future__ import annotations

import re
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+", re.IGNORECASE)
_GRANDFATHERED = _words(
    "en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu sgn-be-fr "
    "sgn-be-nl sgn-ch-de art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang"
)
_TWO_LETTERS = _words(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et "
    "eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg "
    "ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no "
    "nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg "
    "th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
"""The languages of two letters in IANA's registry; it has those of three letters by the thousand, and none of more."""

_NAMES = {
    "arabic": "ar",
    "chinese": "zh",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "no",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
    "deutsch": "de",
    "español": "es",
    "français": "fr",
    "italiano": "it",
    "nederlands": "nl",
    "português": "pt",
    "polski": "pl",
    "svenska": "sv",
    "dansk": "da",
    "norsk": "no",
    "suomi": "fi",
    "čeština": "cs",
    "türkçe": "tr",
    "русский": "ru",
    "українська": "uk",
    "日本語": "ja",
    "中文": "zh",
    "한국어": "ko",
    "العربية": "ar",
    "हिन्दी": "hi",
}
_COUNTRIES = {
    "jp": "ja",
    "cn": "zh",
    "dk": "da",
    "cz": "cs",
    "gr": "el",
    "ua": "uk",
    "vn": "vi",
    "kp": "ko",
    "il": "he",
    "ir": "fa",
    "us": "en",
}
"""What is written for a language and is the code of a country."""


@lru_cache(maxsize=1024)
def is_language_tag(text: str) -> bool:
    """Whether a text is a tag of a language that there is.

    >>> [is_language_tag(text) for text in ("en", "pt-BR", "zh-Hant-TW", "x-klingon", "en_US", "English", "jp", "en-UK", "")]
    [True, True, True, True, False, False, False, False, False]
    """
    if _PRIVATE.fullmatch(text) or text.lower() in _GRANDFATHERED:
        return True
    match = _TAG.fullmatch(text)
    if match is None:
        return False
    language = match["language"].lower().partition("-")[0]
    if len(language) > 3 or (len(language) == 2 and language not in _TWO_LETTERS):
        return False
    variants = match["variants"].lower().split("-")[1:]
    singletons = re.findall(r"-([0-9a-z])(?=-)", match["extensions"].lower())
    return (match["region"] or "").upper() != "UK" and len(set(variants)) == len(variants) and len(set(singletons)) == len(singletons)


def near_language_tag(text: str) -> str | None:
    """Give the tag that was probably meant.

    >>> [near_language_tag(text) for text in ("en_US", "de_DE.UTF-8", "English", "jp", "en-UK", "zh_hant", "the first")]
    ['en-US', 'de-DE', 'en', 'ja', 'en-GB', 'zh-Hant', None]
    """
    plain = re.split(r"[.@]", text.strip(), maxsplit=1)[0]
    named = _NAMES.get(plain.casefold())
    if named is not None:
        return named
    parts = [part for part in re.split("[_-]+", plain) if part]
    if not parts:
        return None
    language = parts[0].lower()
    shaped = [_COUNTRIES.get(language, language) if language not in _TWO_LETTERS else language, *map(_shaped, parts[1:])]
    near = "-".join(shaped)
    return near if is_language_tag(near) else None


def _shaped(subtag: str) -> str:
    """Write a subtag in its usual case: scripts as `Hant`, regions as `US`."""
    if len(subtag) == 2:
        return "GB" if subtag.upper() == "UK" else subtag.upper()
    return subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag.lower()
