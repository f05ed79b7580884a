"""The words that a model hub's world is named with."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILY_FIRST = _words(
    "Bre Tal Mor Vel Kar Sol Fen Dra Lum Gar Nor Pel Quo Ras Sil Tor Ul Ver Wil Yar Zen Al Bor Cas Del Er Fal Gil Hal "
    "Ist Jor Kel Lor Mir Nav Or Pra Ril Sor Tur"
)
FAMILY_LAST = _words(
    "ka vik nna lia ros dan mir tesh vo ndra lux phi rino sta go nimo quil tar xa zon bel cor dine fira gant hely jiro "
    "kesh lune mora nist pala rune sima thos vara wen yota zeph oka"
)
OWNER_FIRST = _words(
    "open deep nova bright lake summit north cloud ever silver fjord apex coral delta ember forest glacier harbor "
    "indigo jade koala lotus maple nimbus ocean pine quartz river stellar terra"
)
OWNER_LAST = _words("mind lab research ai works institute systems group nlp vision studio team base circle house lens")
FIRST = _words(
    "ana ben clara david elena femi greta hugo ines jonas kira liam mona nils olga pavel rosa sami tara uma viktor "
    "wanda yuki zoe aldo brit cyrus dana emil freya gino hana igor jana kofi lena marek nadia otto priya"
)
LAST = _words(
    "adler brandt costa dumont eriksen fontana grau holm ibarra jansen keller lopez moreau novak okafor petrov quist "
    "rossi sato tanaka ueda varga weber young abt bauer castro dahl engel fischer gomez haas ivers jung klein"
)
TASKS = {
    "Sentence similarity": ("PairSim", "TopicSim", "WebSim"),
    "Text generation": ("LogiBench", "MathSet", "ReadQA"),
    "Translation": ("EuroTest", "NewsPair", "TalkPair"),
    "Summarization": ("BriefEval", "NewsSum", "LongSum"),
    "Speech recognition": ("ClearTalk", "PhoneTest", "NoisyRoom"),
    "Image captioning": ("SceneCap", "StreetCap", "ArtCap"),
    "Text classification": ("MoodTest", "SpamTest", "TopicTest"),
}
"""Tasks with the benchmarks that their models are tested on; in all of them more is better."""
LIBRARIES = ("PyTorch", "JAX", "ONNX", "TensorFlow")
LICENCES = ("MIT", "Apache 2.0", "CC BY 4.0", "CC BY-NC 4.0", "OpenRAIL")
SIZES = {"0.5B": 0.5, "1.5B": 1.5, "3B": 3.0, "7B": 7.0, "13B": 13.0, "34B": 34.0, "70B": 70.0}
VARIANTS = ("Base", "Chat", "Mini", "Pro")
CONTEXTS = (2048, 4096, 8192, 16384, 32768, 65536, 131072)
MONTHS = ("September", "October", "November", "December", "January", "February")
SUBJECTS = ("Reviews", "Dialogs", "Headlines", "Captions", "Lectures", "Recipes", "Letters", "Reports")
SPLITS = ("train", "validation", "test")
COLLECTIONS = ("To try", "Favourites", "Work", "Course", "Small ones", "Baselines", "Demo day", "Reading list")
COUNTRIES = ("Brazil", "Canada", "Egypt", "France", "India", "Japan", "Norway", "Poland")
USES = ("Research", "Teaching", "Personal use", "Commercial use")
THREADS = (
    "Does this run on a laptop?", "Scores on our own data", "Which prompt format?", "Thanks for the release",
    "Smaller files please", "Question about the licence", "Works well for me", "Error when loading",
)  # fmt: skip
BLURBS = (
    "A compact model that was made to be easy to run.",
    "Trained on public text only, with a clear licence.",
    "The second generation of the family, with better data.",
    "Made for everyday use and simple to adapt.",
)
ADJECTIVES = _words("old small quiet brown happy tall wild clever hungry young")
ANIMALS = _words("cat dog horse fox bird farmer sailor teacher child baker")
VERBS = _words("sleeps waits sings reads walks rests hides plays works eats")
PLACES = _words("garden kitchen harbor forest station village market river library tower")
