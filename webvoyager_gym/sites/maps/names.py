"""Words that names in this site's worlds are made of. Full names belong to one split; their words are shared."""

from __future__ import annotations

PLACE_FIRST = (
    "Acorn", "Agate", "Alder", "Basalt", "Birch", "Bramble", "Candle", "Cinder", "Citrus", "Cobalt", "Cotton",
    "Crimson",
    "Dawn", "Dusty", "Early", "Feather", "Flint", "Garnet", "Ginger", "Glass", "Harvest", "Hazel", "Heather", "Inky",
    "Jasper", "Kindred", "Lantern", "Laurel", "Lemon", "Linen", "Lucky", "Maple", "Marigold", "Mellow", "Mint", "Mossy",
    "Nettle", "Nimble", "Oaken", "Onyx", "Pebble", "Pepper", "Plum", "Poppy", "Quartz", "Quiet", "Rosemary", "Rustic",
    "Saffron", "Sage", "Sandy", "Silver", "Spiral", "Tawny", "Thistle", "Timber", "Topaz", "Velvet", "Walnut", "Woven",
)  # fmt: skip
PLACE_SECOND = (
    "Anvil", "Arch", "Barrel", "Basket", "Beetle", "Bottle", "Bucket", "Cabin", "Chimney", "Clock", "Corner", "Cradle",
    "Cricket", "Drum", "Fable", "Fiddle", "Finch", "Flame", "Flute", "Fountain", "Gallery", "Goose", "Grove", "Hammer",
    "Hare", "Hatch", "Hearth", "Hollow", "Kettle", "Ladder", "Lark", "Ledger", "Loom", "Magpie", "Mirror", "Nook",
    "Oven", "Paddle", "Parlour", "Pillar", "Plough", "Pocket", "Quill", "Ribbon", "Rooster", "Saddle", "Shelf", "Spoon",
    "Sparrow", "Stable", "Steeple", "Story", "Swallow", "Table", "Thimble", "Trunk", "Violin", "Wagon", "Wheel", "Yard",
)  # fmt: skip
STREET_WORDS = (
    "Abbey", "Almond", "Baker", "Barley", "Beech", "Bishop", "Canal", "Chapel", "Cherry", "Church", "Cloister",
    "Cooper",
    "Copper", "Dairy", "Dyer", "Elm", "Falcon", "Farrier", "Ferry", "Fisher", "Foundry", "Garden", "Granary", "Guild",
    "Harbour", "Hill", "Holly", "Ivy", "Juniper", "King", "Linden", "Mason", "Meadow", "Mercer", "Mill", "Minster",
    "Monk", "Mulberry", "Nun", "Orchard", "Pear", "Pilgrim", "Poplar", "Potter", "Quarry", "Queen", "River", "Rope",
    "Saddler", "School", "Shepherd", "Smith", "Spring", "Tanner", "Temple", "Tower", "Union", "Vine", "Weaver",
    "Willow",
)  # fmt: skip
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Way", "Row")
STOP_KINDS = ("Square", "Gate", "Cross", "Green", "Bridge", "Market")
CITY_BEGINNINGS = (
    "Am", "Bar", "Cal", "Dan", "El", "Fen", "Gri", "Hol", "Is", "Jun", "Kar", "Lan", "Mon", "Nor", "Ol", "Pen", "Ros",
    "Sel", "Tar", "Ulm", "Var", "Wen", "Yor", "Zan",
)  # fmt: skip
CITY_ENDINGS = (
    "adale", "aport", "beria", "burn", "chester", "enza", "forth", "garde", "haven", "ingen", "keld", "leigh", "minde",
    "nora", "ostra", "polis", "rina", "stead", "tova", "wick",
)  # fmt: skip
FIRST_NAMES = (
    "Adele", "Alan", "Amina", "Arthur", "Bianca", "Caleb", "Celia", "Dennis", "Diana", "Eddie", "Elena", "Ernest",
    "Fatima", "Frank", "Gemma", "George", "Hazem", "Helen", "Iris", "Jacob", "Jana", "Karim", "Katya", "Lars", "Leila",
    "Louis", "Marta", "Nadim", "Nina", "Omar", "Pablo", "Paige", "Quentin", "Rhea", "Ruben", "Sara", "Simon", "Tessa",
    "Theo", "Una", "Victor", "Wilma", "Yusuf", "Zita",
)  # fmt: skip
LAST_NAMES = (
    "Amato", "Aydin", "Barnes", "Blom", "Brandt", "Cole", "Costa", "Dekker", "Drake", "Engel", "Fabre", "Ford",
    "Gallo", "Grant", "Hauser", "Hughes", "Idris", "Jensen", "Kahn", "Koch", "Lund", "Marsh", "Mori", "Moss", "Nolan",
    "Nunes", "Olivier", "Parker", "Pohl", "Rausch", "Riva", "Rowe", "Sato", "Serra", "Shaw", "Tran", "Urban", "Vega",
    "Wade", "Wirth", "York", "Zheng",
)  # fmt: skip
REMARKS = (
    "Friendly people, will come again", "A bit crowded at noon", "Lovely little corner", "Hard to find but worth it",
    "Good value for the price", "Clean and bright", "Too noisy for me", "My favourite in this part of town",
    "Slow service today", "Nice for a rainy afternoon", "Kind staff", "Smaller than I thought",
)  # fmt: skip
LIST_NAMES = ("Favourites", "Want to go", "Weekend plans")
NEW_LISTS = (
    "Rainy days", "With the kids", "Date night", "Summer visit", "Quiet spots", "Work trips", "Birthday ideas",
    "Old friends", "Sunday walks", "Lunch breaks", "First week", "For my parents",
)  # fmt: skip
LABELS = (
    "Home", "Work", "School", "Dentist", "Grandma", "Book club", "Chess evening", "Meeting point", "Choir practice",
    "Spare keys", "Aunt Rosa", "Yoga",
)  # fmt: skip
