"""The five kinds of device: what their models can have, and how their steps and facts are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device.

    Attributes:
        title: as menus write it.
        one: a single device of it.
        size_label, sizes: what comes in two sizes, and pairs of sizes.
        storage_label, storages: the last thing to choose, and what there is of it; a model has some of these.
        missing: choices that no model of the kind has.
        specs: facts that are numbers -> the values they have; no two models of a line share one.
        prices: lowest and highest base price.
        care: lowest price of two years of care.
    """

    title: str
    one: str
    size_label: str
    sizes: tuple[tuple[str, str], ...]
    storage_label: str
    storages: tuple[str, ...]
    missing: tuple[str, ...]
    specs: dict[str, range]
    prices: tuple[int, int]
    care: int


SPECS = {
    "memory": ("Memory", "GB"),
    "battery": ("Battery", "hours"),
    "charging": ("Charging", "W"),
    "weight": ("Weight", "g"),
    "water": ("Water resistance", "m"),
    "driver": ("Driver", "mm"),
}
"""Names and units of the facts that are numbers."""

KINDS = {
    "phones": Kind(
        "Phones",
        "phone",
        "Display",
        (("6.1-inch", "6.7-inch"), ("5.8-inch", "6.3-inch"), ("6.0-inch", "6.6-inch"), ("6.2-inch", "6.9-inch")),
        "Storage",
        ("128 GB", "256 GB", "512 GB"),
        ("4 TB", "2 TB"),
        {
            "memory": range(6, 17, 2),
            "battery": range(18, 33),
            "charging": range(20, 66, 5),
            "weight": range(148, 229),
            "water": range(1, 7),
        },
        (599, 1099),
        79,
    ),
    "tablets": Kind(
        "Tablets",
        "tablet",
        "Display",
        (("10.9-inch", "12.9-inch"), ("8.3-inch", "10.2-inch"), ("11-inch", "13-inch"), ("9.7-inch", "11.4-inch")),
        "Storage",
        ("128 GB", "256 GB", "1 TB"),
        ("4 TB", "64 GB"),
        {
            "memory": range(6, 17, 2),
            "battery": range(9, 19),
            "charging": range(20, 51, 5),
            "weight": range(288, 689),
        },
        (449, 1199),
        89,
    ),
    "laptops": Kind(
        "Laptops",
        "laptop",
        "Display",
        (("13-inch", "15-inch"), ("14-inch", "16-inch"), ("12-inch", "14-inch"), ("13.6-inch", "15.3-inch")),
        "Storage",
        ("512 GB", "1 TB", "2 TB"),
        ("128 GB", "8 TB"),
        {
            "memory": range(8, 49, 8),
            "battery": range(11, 25),
            "charging": range(35, 141, 15),
            "weight": range(980, 2160, 10),
        },
        (999, 2299),
        189,
    ),
    "watches": Kind(
        "Watches",
        "watch",
        "Case",
        (("41 mm", "45 mm"), ("38 mm", "42 mm"), ("40 mm", "44 mm"), ("42 mm", "46 mm")),
        "Storage",
        ("16 GB", "32 GB", "64 GB"),
        ("128 GB", "256 GB"),
        {
            "memory": range(1, 5),
            "battery": range(18, 73, 6),
            "charging": range(5, 13),
            "weight": range(26, 63),
            "water": range(20, 101, 10),
        },
        (249, 799),
        49,
    ),
    "headphones": Kind(
        "Headphones",
        "pair of headphones",
        "Ear cups",
        (("Regular", "Large"), ("Small", "Regular"), ("Small", "Large"), ("Regular", "Wide")),
        "Carry case",
        ("Soft pouch", "Hard case", "Charging case"),
        ("Leather case", "Metal case"),
        {
            "battery": range(20, 61, 2),
            "charging": range(5, 19),
            "weight": range(168, 391),
            "driver": range(30, 52, 2),
        },
        (149, 549),
        29,
    ),
}
"""Kinds by the name they have in addresses."""
