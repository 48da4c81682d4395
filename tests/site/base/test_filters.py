"""What templates say of areas, money and ways: rounded, with thousands, in the reader's unit."""

import pytest
from django.utils import translation

from nongshi.site.base.desks import DESKS
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import area, km, number, yuan
from nongshi.site.cab.templatetags.cab import yuan_area
from nongshi.site.owner.templatetags.owner import km_area, percent


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (14.595, 1, "14.6"), (14.54, 1, "14.5"), (0.9996, 2, "1.00"), (-0.013, 1, "0.0"), (-0.1, 1, "-0.1"),
        (1234567.0, 0, "1,234,567"), (1e-9, 2, "0.00"), (0, 0, "0"),
    ],
)  # fmt: skip
def test_a_number_is_rounded_and_not_cut_off(value: float, digits: int, said: str) -> None:
    assert number(value, digits) == said


def test_two_areas_and_their_difference_agree() -> None:
    """18.00 and 17.98 mu differ by 0.02; cut off, they once differed by 0.01."""
    with translation.override("zh-hans"):
        assert [area(one / 15, 2) for one in (17.999, 17.984, 17.984 - 17.999)] == ["18.00 亩", "17.98 亩", "-0.01 亩"]
        assert area(0.973) == "14.6 亩"
    with translation.override("en"):
        assert area(0.9968) == "1.00 ha"


def test_units_are_those_of_the_reader() -> None:
    with translation.override("zh-hans"):
        said = [yuan(123_450_99), km(3.46), km_area(1.5), yuan_area(1_199_85), percent(0.629)]
        assert said == ["123,451 元", "3.5 公里", "0.10 公里/亩", "80 元/亩", "63 %"]
    with translation.override("en"):
        assert [yuan(99_99), km(3.46), km_area(1.5)] == ["100 yuan", "3.5 km", "1.5 km/ha"]
    assert [yuan(None), km(None), km_area(None), area(None)] == ["—"] * 4


@pytest.mark.parametrize("kind", list(RoleKind))
def test_no_role_finds_a_desk_twice(kind: RoleKind) -> None:
    pages = [desk.url_name for desk in DESKS if kind in desk.kinds]
    assert len(pages) == len(set(pages))
