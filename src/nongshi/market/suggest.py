"""Which work a farmer likely wants now."""

from collections.abc import Collection, Sequence

from nongshi.agronomy import OPERATIONS

# assumption: the rice, wheat and rapeseed year between Shanghai and Zhejiang, by month; first is likeliest
BY_MONTH: dict[int, tuple[str, ...]] = {
    1: ("spray",),
    2: ("spray", "rotary_till"),
    3: ("spray", "rotary_till"),
    4: ("spray", "rotary_till", "transplant"),
    5: ("wheat_harvest", "rape_harvest", "rotary_till", "transplant", "direct_seed"),
    6: ("transplant", "direct_seed", "rotary_till", "wheat_harvest", "bale"),
    7: ("spray", "transplant"),
    8: ("spray",),
    9: ("spray", "rice_harvest"),
    10: ("rice_harvest", "bale", "rotary_till", "rape_sow", "wheat_sow"),
    11: ("rice_harvest", "bale", "rotary_till", "wheat_sow", "rape_sow"),
    12: ("rice_harvest", "bale", "rotary_till", "wheat_sow"),
}
AFTER = {"rice_harvest": "bale", "bale": "rotary_till", "rotary_till": "wheat_sow", "wheat_harvest": "bale"}
CROPS = {"rice": ("稻", "rice"), "wheat": ("麦", "wheat"), "rape": ("油菜", "rape")}


def suggest_works(month: int, *, crop: str = "", doable: Collection[str] = (), had: Sequence[str] = ()) -> list[str]:
    """All operations, likeliest first; `doable`: those that a machine is there for; `had`: already asked for.

    >>> suggest_works(11)[:3]
    ['rice_harvest', 'bale', 'rotary_till']
    >>> suggest_works(11, had=["rice_harvest"])[0]
    'bale'
    """
    usual = BY_MONTH[month]
    follows = {AFTER[one] for one in had if one in AFTER}

    def rank(operation: str) -> tuple[bool, bool, bool, bool, int]:
        return (
            bool(doable) and operation not in doable,
            operation not in usual,
            operation in had,
            operation not in follows and not _of_crop(operation, crop),
            usual.index(operation) if operation in usual else list(OPERATIONS).index(operation),
        )

    return sorted(OPERATIONS, key=rank)


def _of_crop(operation: str, crop: str) -> bool:
    return any(
        operation == f"{name}_harvest" and any(word in crop.lower() for word in words) for name, words in CROPS.items()
    )
