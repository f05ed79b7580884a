"""Words that names in this site's worlds are made of. Full names belong to one split; their words are shared."""

from __future__ import annotations

FIRST_WORDS = (
    "Amber", "Azure", "Blue", "Bright", "Bronze", "Calm", "Cedar", "Clover", "Copper", "Coral", "Crimson", "Crystal",
    "Dapple", "Distant", "Eastern", "Ebony", "Emerald", "Fair", "Fern", "Frost", "Gentle", "Gilded", "Golden", "Grand",
    "Granite", "Green", "Hidden", "Hollow", "Honey", "Indigo", "Iron", "Ivory", "Ivy", "Jade", "Juniper", "Lilac",
    "Linen", "Little", "Lone", "Lucky", "Maple", "Marble", "Merry", "Misty", "Noble", "Northern", "Olive", "Opal",
    "Painted", "Pearl", "Quiet", "Red", "Royal", "Saffron", "Scarlet", "Silent", "Silver", "Stone", "Sunny", "Velvet",
    "White", "Wild", "Willow", "Winter",
)  # fmt: skip
SECOND_WORDS = (
    "Anchor", "Arbour", "Badger", "Beacon", "Bell", "Bridge", "Canal", "Castle", "Compass", "Cove", "Crane", "Crown",
    "Dolphin", "Dune", "Falcon", "Feather", "Field", "Forest", "Fountain", "Fox", "Garden", "Gate", "Grove", "Harbour",
    "Heron", "Hill", "Horizon", "Island", "Key", "Lake", "Lantern", "Lark", "Lighthouse", "Lion", "Meadow", "Mill",
    "Moon", "Orchard", "Otter", "Owl", "Palace", "Park", "Peacock", "Pine", "Pond", "Quay", "River", "Robin",
    "Rose", "Sail", "Shell", "Spring", "Square", "Stag", "Star", "Swan", "Terrace", "Tower", "Valley", "Wharf",
)  # fmt: skip
KINDS = ("Hotel", "Inn", "House", "Lodge", "Rooms", "Court", "Residence")

TOWN_BEGINNINGS = (
    "Ald", "Ash", "Bel", "Bran", "Cal", "Cor", "Dal", "Dun", "Ell", "Fal", "Fen", "Gal", "Gren", "Hal", "Hart", "Kel",
    "Kin", "Lan", "Lin", "Mal", "Mer", "Mor", "Nor", "Ost", "Pel", "Quen", "Ros", "Sal", "Sel", "Tam", "Tor", "Ull",
    "Val", "Vel", "Wes", "Wyn", "Yar", "Zel",
)  # fmt: skip
TOWN_ENDINGS = (
    "beck", "borg", "bridge", "burn", "dale", "den", "fell", "ford", "gate", "haven", "holm", "mere", "minster",
    "mouth", "sund", "ton", "vale", "vik", "wick", "worth",
)  # fmt: skip

DISTRICTS = (
    "Old Town",
    "Harbour",
    "Station Quarter",
    "Riverside",
    "University",
    "Market Square",
    "Beach",
    "Castle Hill",
)

FIRST_NAMES = (
    "Ada", "Aisha", "Alma", "Amir", "Ana", "Anton", "Astrid", "Bela", "Bruno", "Carla", "Chen", "Clara", "Dario",
    "Diego", "Edith", "Elif", "Emil", "Erik", "Esther", "Farid", "Fiona", "Goran", "Greta", "Hana", "Hugo", "Ines",
    "Ivan", "Jonas", "Julia", "Kenji", "Lena", "Liam", "Lucia", "Maja", "Marco", "Mina", "Nadia", "Nils", "Noor",
    "Olga", "Oscar", "Paula", "Priya", "Rafael", "Rosa", "Samir", "Selma", "Sofia", "Tariq", "Tomas", "Vera", "Yuki",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Adler", "Almeida", "Arslan", "Barros", "Becker", "Bergman", "Bianchi", "Castro", "Cohen", "Dahl", "Diaz",
    "Dubois", "Eriksen", "Farkas", "Ferrari", "Fischer", "Flores", "Gupta", "Haddad", "Hansen", "Haruki", "Ibarra",
    "Jansen", "Kaplan", "Keller", "Kowal", "Larsen", "Laurent", "Lopes", "Marin", "Mendes", "Meyer", "Moreau",
    "Nakamura", "Novak", "Okafor", "Olsen", "Petrov", "Quinn", "Ramos", "Richter", "Rossi", "Saito", "Santos",
    "Schmidt", "Silva", "Singh", "Sousa", "Takeda", "Toth", "Vargas", "Vidal", "Weber", "Yilmaz", "Zeller",
)  # fmt: skip

PRAISE = (
    "Lovely staff", "Very quiet room", "Great breakfast", "Soft beds", "Spotless bathroom", "Wonderful view",
    "Close to everything", "Fast check-in", "Warm welcome", "Good value",
)  # fmt: skip
COMPLAINT = (
    "thin walls", "slow lift", "weak shower", "small window", "noisy street", "cold breakfast", "hard pillows",
    "old carpet", "no kettle", "narrow stairs",
)  # fmt: skip
