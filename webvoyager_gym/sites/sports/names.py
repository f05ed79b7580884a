"""Words that names in this site's worlds are made of. Full names belong to one split; their words are shared."""

from __future__ import annotations

CITY_WORDS = (
    "Ashbridge", "Aldmoor", "Barrowby", "Beckfield", "Brightsea", "Calder", "Carrick", "Colby", "Crowhurst", "Dalton",
    "Denholm", "Easthaven", "Elmstead", "Fairmont", "Farleigh", "Glenrock", "Grantham", "Haddon", "Hawkridge", "Holt",
    "Ironport", "Kingsley", "Lakeside", "Larkhill", "Linwood", "Marlow", "Midford", "Northam", "Oakmere", "Penrose",
    "Queensby", "Redcliff", "Rivermouth", "Saltburn", "Seaton", "Stonebury", "Thornton", "Upwell", "Westmark", "Wilden",
)  # fmt: skip
NICKNAMES = (
    "Albion", "Arrows", "Athletic", "Badgers", "Bears", "Bulls", "City", "Comets", "Cranes", "Dynamos", "Eagles",
    "Falcons", "Flames", "Foxes", "Giants", "Hawks", "Herons", "Hornets", "Kings", "Lions", "Mariners", "Otters",
    "Phoenix", "Pilots", "Rangers", "Ravens", "Rockets", "Rovers", "Sharks", "Stags", "Storm", "Swans", "Thunder",
    "Tigers", "Town", "United", "Vikings", "Wanderers", "Wasps", "Wolves",
)  # fmt: skip
FIRST_NAMES = (
    "Aaron", "Adam", "Alex", "Andre", "Arjun", "Ben", "Bo", "Carl", "Chris", "Dan", "David", "Denis", "Eli", "Emre",
    "Eric", "Fabio", "Filip", "Gabe", "Gus", "Hans", "Harry", "Ian", "Isak", "Jack", "Jamal", "Joel", "Jose", "Kai",
    "Ken", "Kofi", "Leo", "Luca", "Luke", "Marc", "Matt", "Max", "Nate", "Nico", "Noah", "Oleg", "Owen", "Paul",
    "Pete", "Ravi", "Rico", "Rob", "Sam", "Saul", "Sean", "Tim", "Toni", "Vik", "Will", "Yann", "Zack", "Ziad",
)  # fmt: skip
LAST_NAMES = (
    "Adams", "Alonso", "Anders", "Bakker", "Banks", "Bello", "Bishop", "Bruun", "Burke", "Byrne", "Carr", "Chavez",
    "Cortez", "Cruz", "Dean", "Diallo", "Doyle", "Duran", "Ekman", "Evans", "Faye", "Flynn", "Fonseca", "Frost",
    "Gomez", "Gray", "Haas", "Hill", "Holm", "Hunt", "Iversen", "James", "Kane", "Keita", "Kim", "Klein", "Knight",
    "Lopez", "Maier", "Mensah", "Mills", "Molina", "Nash", "Neves", "Ortiz", "Owusu", "Page", "Pinto", "Price",
    "Reid", "Rios", "Sanchez", "Sharp", "Soto", "Steen", "Stone", "Suarez", "Toure", "Wright", "Young",
)  # fmt: skip
STADIUMS = ("Park", "Arena", "Stadium", "Ground", "Field", "Garden", "Road")
