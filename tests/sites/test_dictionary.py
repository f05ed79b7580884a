"""The dictionary without a browser: its worlds, its search, and what its pages change."""

from __future__ import annotations

import pytest

from tests.sites.visiting import ServedSite, Visitor
from webvoyager_gym.sites.dictionary.find import exact, respelt, suggestions
from webvoyager_gym.sites.dictionary.state import BETWEEN, MOST_LISTS, MOST_SECTIONS
from webvoyager_gym.sites.dictionary.world import Lexicon, build_lexicon
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "dictionary"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return build_lexicon("train", 0)


@pytest.fixture
def visitor(web: ServedSite, lexicon: Lexicon) -> Visitor:
    return web.visitor(lexicon)


def test_words_and_languages_belong_to_one_split() -> None:
    for split in ("train", "validation", "test"):
        for seed in range(4):
            lexicon = build_lexicon(split, seed)
            names = [*lexicon.by_word, *lexicon.languages, *lexicon.unknown_languages]
            assert {split_of(name) for name in names} == {split}
            assert len(lexicon.by_word) == len(lexicon.entries)


def test_relations_are_of_the_same_part_of_speech(lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        assert max(entry.usage) > sorted(entry.usage)[-2]
        for use in entry.uses:
            related = (*use.synonyms, use.antonym)
            assert len({entry.word, *related}) == 4
            assert all(use.part in lexicon.by_word[word].parts for word in related)


def test_near_misses_are_suggested_and_no_entries(lexicon: Lexicon) -> None:
    assert exact(lexicon, lexicon.entries[0].word.upper()) is lexicon.entries[0]
    for stranger, near in lexicon.strangers:
        assert exact(lexicon, stranger) is None
        assert lexicon.by_word[near] in suggestions(lexicon, stranger)[:4]
    assert suggestions(lexicon, "!?") == []


def test_a_word_is_found_by_what_it_means(lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        assert entry in suggestions(lexicon, entry.uses[0].senses[0].definition)[:1]


def test_both_notations_show_the_stress(lexicon: Lexicon) -> None:
    for entry in lexicon.entries[:10]:
        capitals, accents = respelt(entry, "Capitals").split("-"), respelt(entry, "Accents").split("-")
        assert [part.isupper() for part in capitals].index(True) == entry.stress
        assert [part.isascii() for part in accents].index(False) == entry.stress


def test_word_lists_can_be_changed_and_changed_back(visitor: Visitor, lexicon: Lexicon) -> None:
    before = visitor.state.effects()
    name, ((section, (word, *_)), *_) = lexicon.lists[0]
    visitor.post("/lists/new", name="  Mine & <b>yours</b> ")
    assert "Mine & <b>yours</b>" in visitor.state.lists
    assert "&lt;b&gt;yours" in visitor.get("/lists?list=Mine+%26+<b>yours</b>")
    visitor.post("/lists/section", list="Mine & <b>yours</b>", name="Best")
    visitor.post(f"/word/{word}/save", place=f"Mine & <b>yours</b>{BETWEEN}Best")
    assert visitor.state.lists["Mine & <b>yours</b>"] == {"Best": [word]}
    visitor.post("/lists/delete", list="Mine & <b>yours</b>")
    visitor.post("/lists/section/rename", list=name, section=section, name="Zebra")
    assert word in visitor.state.lists[name]["Zebra"]
    visitor.post("/lists/section/rename", list=name, section="Zebra", name=section)
    assert visitor.state.effects() == before
    assert visitor.request("POST", "/lists/delete", {"list": name})[0] == 400


def test_names_are_needed_once_and_few(visitor: Visitor, lexicon: Lexicon) -> None:
    name, ((section, _), (other, _)) = lexicon.lists[0]
    assert visitor.post("/lists/new", name=" !? ").endswith("problem=name")
    assert visitor.post("/lists/new", name=name.upper()).endswith("problem=taken")
    assert visitor.post("/lists/section/rename", list=name, section=section, name=other).endswith("problem=taken")
    for number in range(9):
        visitor.post("/lists/new", name=f"List {number}")
        visitor.post("/lists/section", list=name, name=f"Section {number}")
    assert len(visitor.state.lists) == MOST_LISTS
    assert len(visitor.state.lists[name]) == MOST_SECTIONS


def test_origins_are_behind_the_members_wall(visitor: Visitor, lexicon: Lexicon) -> None:
    entry = lexicon.entries[0]
    path = f"/word/{entry.word}?tab=origin"
    assert entry.source not in visitor.get(path)
    assert "problem=member" in visitor.post("/signin", name="x", password="y", back=path)
    name, password = lexicon.member
    assert visitor.post("/signin", name=name, password=password, back=path) == path
    assert entry.source in visitor.get(path)
    assert visitor.post("/signin", name=name, password=password, back="//evil.test") == "/"


def test_the_quiz_and_the_preferences(visitor: Visitor, lexicon: Lexicon) -> None:
    before = visitor.state.effects()
    right = {question.key: question.right for question in lexicon.quiz}
    assert visitor.post("/quiz", q1=right["q1"]).endswith("problem=quiz")
    assert visitor.request("POST", "/quiz", {"q1": "nonsense", "q2": right["q2"]})[0] == 400
    visitor.post("/quiz", **right)
    assert "2 of 2" in visitor.get("/quiz")
    visitor.post("/quiz/again")
    visitor.post("/account", language=lexicon.languages[2], notation="Accents", mail="1")
    assert visitor.state.settings == {"language": lexicon.languages[2], "notation": "Accents", "mail": "yes"}
    visitor.post("/account", language=lexicon.languages[0], notation="Capitals")
    assert visitor.state.effects() == before


def test_a_renamed_section_keeps_its_words_in_the_wanted_effects() -> None:
    session = open_session(LocalTask("dictionary", "rename-section", "train", 5))
    params, lists = session.params, session.episode.state.lists
    own = lists[params["list"]]
    lists[params["list"]] = {params["new"] if name == params["section"] else name: kept for name, kept in own.items()}
    assert session.judge(None).success
    lists[params["list"]][params["new"]].pop()
    assert not session.judge(None).success
    session.forget()
