"""Phone and ID numbers as people write them, checked, and as screens show them."""

from functools import lru_cache

import phonenumbers

from nongshi.core.errors import BadInput
from nongshi.site.base.crypt import masked

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CHECKS = "10X98765432"


@lru_cache(maxsize=65_536)  # a list is read twice: looked at, then taken over
def clean_phone(text: str, *, region: str = "CN") -> str:
    """A phone number in one writing: Chinese ones bare, others with their country.

    >>> clean_phone("138 1234-5678")
    '13812345678'

    Raises:
        BadInput: no such number can be.
    """
    if not text.strip():
        return ""
    try:
        found = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise BadInput(f"{text[:20]} is no phone number; write it like 138 1234 5678") from error
    if not phonenumbers.is_valid_number(found):
        raise BadInput(f"{text[:20]} cannot be a phone number; check its figures")
    if found.country_code == 86:
        return str(phonenumbers.national_significant_number(found)) if _is_mobile(found) else _national(found)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    return bool(phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE)


def _national(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)).replace(" ", "-")


def masked_phone(phone: str) -> str:
    """What a list shows.

    >>> masked_phone("13812345678")
    '138****5678'
    """
    return masked(phone, head=3, tail=4) if phone else ""


def clean_id(text: str) -> str:
    """An ID number of 18 places whose last is right.

    >>> clean_id("11010519491231002x")
    '11010519491231002X'

    Raises:
        BadInput: a slip of the keyboard.
    """
    number = text.strip().upper().replace(" ", "")
    if not number:
        return ""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        raise BadInput("an ID number has 18 places: 17 figures and a figure or X")
    if CHECKS[sum(int(figure) * weight for figure, weight in zip(number, WEIGHTS, strict=False)) % 11] != number[17]:
        raise BadInput("the last place of the ID number does not fit the others; type it again")
    return number
