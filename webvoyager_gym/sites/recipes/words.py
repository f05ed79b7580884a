"""The words that dishes, cooks and instructions are made of."""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Ingredient:
    """Something to cook with.

    Attributes:
        kind: "g" or "ml" (by weight or volume), "tbsp", "tsp", or "" for things that are counted.
        cup: how many g or ml a cup holds, a multiple of four.
        spread: least and most of it in a dish for two, in quarters of a cup, in spoons or in pieces.
        no: what a dish with it is not: "vegetarian", "vegan", "gluten free".
    """

    name: str
    kind: str
    cup: int
    spread: tuple[int, int]
    no: frozenset[str] = frozenset()


VEGETARIAN, VEGAN, GLUTEN_FREE = DIETS = ("Vegetarian", "Vegan", "Gluten free")
_MEAT, _DAIRY, _WHEAT = frozenset({VEGETARIAN, VEGAN}), frozenset({VEGAN}), frozenset({GLUTEN_FREE})

MAINS: dict[str, tuple[str, Ingredient]] = {
    title: (colour, Ingredient(name, "g", cup, (2, 6), no))
    for title, colour, name, cup, no in (
        ("Pumpkin", "#e8902c", "pumpkin", 140, frozenset()),
        ("Lentil", "#a8672f", "red lentils", 200, frozenset()),
        ("Beetroot", "#a02457", "beetroot", 136, frozenset()),
        ("Spinach", "#4a8f3c", "spinach", 60, frozenset()),
        ("Mushroom", "#94806a", "mushrooms", 80, frozenset()),
        ("Chickpea", "#d8b464", "chickpeas", 164, frozenset()),
        ("Leek", "#9cbf6a", "leeks", 92, frozenset()),
        ("Carrot", "#ee7d22", "carrots", 128, frozenset()),
        ("Aubergine", "#5d3a6e", "aubergine", 84, frozenset()),
        ("Pepper", "#cf3a2b", "red peppers", 152, frozenset()),
        ("Chicken", "#d9a76a", "chicken thighs", 140, _MEAT),
        ("Salmon", "#ef8d73", "salmon fillet", 152, _MEAT),
        ("Lamb", "#9a4f3c", "diced lamb", 136, _MEAT),
        ("Prawn", "#f2a08a", "prawns", 148, _MEAT),
        ("Turkey", "#c99d74", "turkey breast", 140, _MEAT),
        ("Halloumi", "#eedfb2", "halloumi", 116, _DAIRY),
    )
}
SWEET_MAINS: dict[str, tuple[str, Ingredient]] = {
    title: (colour, Ingredient(name, "g", cup, (1, 4), no))
    for title, colour, name, cup, no in (
        ("Apple", "#b9c95a", "apples", 112, frozenset()),
        ("Plum", "#7b3c78", "plums", 164, frozenset()),
        ("Cherry", "#b3202f", "cherries", 140, frozenset()),
        ("Lemon", "#f2d43c", "lemon curd", 240, _DAIRY),
        ("Walnut", "#9c6b3f", "walnuts", 100, frozenset()),
        ("Pear", "#cfd277", "pears", 140, frozenset()),
        ("Fig", "#6e3f5c", "figs", 148, frozenset()),
        ("Raspberry", "#d5355f", "raspberries", 124, frozenset()),
        ("Banana", "#efd97a", "bananas", 152, frozenset()),
        ("Coconut", "#e9e4d6", "grated coconut", 80, frozenset()),
        ("Chocolate", "#5b3620", "dark chocolate", 172, _DAIRY),
        ("Almond", "#d9b98a", "ground almonds", 96, frozenset()),
        ("Honey", "#dc9a1c", "honey", 336, _DAIRY),
        ("Apricot", "#f0a24a", "apricots", 156, frozenset()),
    )
}
SAVOURY = (
    Ingredient("onions", "", 0, (1, 3)),
    Ingredient("garlic cloves", "", 0, (1, 4)),
    Ingredient("olive oil", "tbsp", 0, (1, 3)),
    Ingredient("vegetable stock", "ml", 240, (2, 6)),
    Ingredient("rice", "g", 180, (2, 4)),
    Ingredient("chopped tomatoes", "g", 240, (1, 4)),
    Ingredient("green peas", "g", 140, (1, 3)),
    Ingredient("coconut milk", "ml", 240, (1, 4)),
    Ingredient("ground cumin", "tsp", 0, (1, 3)),
    Ingredient("smoked paprika", "tsp", 0, (1, 3)),
    Ingredient("cream", "ml", 240, (1, 2), _DAIRY),
    Ingredient("grated cheese", "g", 100, (1, 4), _DAIRY),
    Ingredient("breadcrumbs", "g", 100, (1, 3), _WHEAT),
    Ingredient("barley", "g", 200, (1, 3), _WHEAT),
)
SWEET = (
    Ingredient("white sugar", "g", 200, (1, 3)),
    Ingredient("brown sugar", "g", 220, (1, 3)),
    Ingredient("vanilla extract", "tsp", 0, (1, 2)),
    Ingredient("ground cinnamon", "tsp", 0, (1, 3)),
    Ingredient("rolled oats", "g", 88, (1, 4)),
    Ingredient("rice flour", "g", 160, (1, 4)),
    Ingredient("sunflower oil", "ml", 240, (1, 2)),
    Ingredient("oat milk", "ml", 240, (1, 4)),
    Ingredient("plain flour", "g", 120, (2, 6), _WHEAT),
    Ingredient("butter", "g", 224, (1, 2), _DAIRY),
    Ingredient("eggs", "", 0, (1, 3), _DAIRY),
    Ingredient("milk", "ml", 240, (1, 4), _DAIRY),
)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of dish: the nouns its titles end with, how it is drawn, and whether it goes into the oven."""

    name: str
    nouns: tuple[str, ...]
    drawing: str
    oven: bool = False


SECTIONS: dict[str, tuple[Category, ...]] = {
    "Starters": (
        Category("Soups", ("Soup", "Chowder", "Broth", "Bisque"), "bowl"),
        Category("Salads", ("Salad", "Slaw", "Tabbouleh", "Carpaccio"), "plate"),
        Category("Dips", ("Dip", "Spread", "Hummus", "Salsa"), "pot"),
    ),
    "Mains": (
        Category("Stews", ("Stew", "Hotpot", "Goulash", "Tagine"), "bowl"),
        Category("Curries", ("Curry", "Korma", "Masala", "Dhal"), "bowl"),
        Category("Bakes", ("Lasagne", "Gratin", "Moussaka", "Casserole"), "dish", oven=True),
    ),
    "Baking": (
        Category("Cakes", ("Cake", "Sponge", "Torte", "Gateau"), "cake", oven=True),
        Category("Biscuits", ("Cookies", "Shortbread", "Biscotti", "Flapjacks"), "biscuits", oven=True),
        Category("Tarts", ("Tart", "Pie", "Galette", "Turnovers"), "tart", oven=True),
    ),
    "Desserts": (
        Category("Puddings", ("Pudding", "Crumble", "Trifle", "Cobbler"), "dish", oven=True),
        Category("Ices", ("Sorbet", "Sundae", "Parfait", "Semifreddo"), "glass"),
        Category("Creams", ("Mousse", "Fool", "Custard", "Panna Cotta"), "glass"),
    ),
}
SWEET_SECTIONS = ("Baking", "Desserts")

QUALITIES = _words("""
    Smoky Golden Rustic Creamy Spiced Crispy Quick Herby Zesty Charred Velvet Sunday Winter Summer Harvest Village
    Coastal Garden Tangy Peppery Toasted Glazed Market Farmhouse Midnight Royal Humble Sunny Frosty Lazy Autumn Spring
    Island Alpine Bistro Picnic Festive Homestead Silken Fragrant
""")
GIVEN_NAMES = _words("""
    Ada Bruno Celia Dario Edda Fabio Greta Hamid Ines Jonas Kaya Livia Malik Nadia Oscar Petra Quentin Rosa Samir
    Tilda Umar Vera Wanda Xenia Yusuf Zora Amina Boris Clara Deniz
""")
FAMILY_NAMES = _words("""
    Abbot Barlow Castell Dumont Eklund Ferrara Gruber Hartley Ibarra Jensen Keller Lindqvist Moreau Novak Okafor
    Pereira Quist Rossi Sandoval Tanaka Ulrich Varga Whitlow Ximenes Yilmaz Zeller Aldous Brandt Corso Delgado
""")
TOOLS = (
    "blender",
    "food processor",
    "stand mixer",
    "cast iron pan",
    "loaf tin",
    "rolling pin",
    "sieve",
    "pressure cooker",
    "kitchen scale",
    "thermometer",
)
OPINIONS = (
    "A new family favourite",
    "Good, but I would halve the salt",
    "Took longer than it says",
    "Even better the next day",
    "My guests asked for seconds",
    "A bit too sweet for us",
    "Simple and satisfying",
    "I added a pinch of chilli",
    "Not enough flavour for me",
    "Worth every minute",
)
