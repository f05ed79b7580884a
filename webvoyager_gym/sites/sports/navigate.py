"""Ways that experts go, to pages and to the wanted state. Each gives the next action, or None when there."""

from __future__ import annotations

from collections.abc import Callable

from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.ways import Next, fill
from webvoyager_gym.sites.sports.state import SportsState
from webvoyager_gym.sites.sports.world import Match, Player, Team, World

SportsHand = Hand[World, SportsState]
Way = Callable[[SportsHand, Team], "Next | None"]


def go_to_league(hand: SportsHand, league: str, tab: str = "table") -> Next | None:
    """To a tab of the league's page."""
    if hand.path != f"/league/{league}" or not hand.there(key=f"tab-{tab}"):
        return hand.click(key=f"league-{league}")
    return None if hand.query.get("tab", "table") == tab else hand.click(key=f"tab-{tab}")


def sort_by(hand: SportsHand, label: str) -> Next | None:
    """On a page with a list of orders: this one, from the first page on."""
    if not hand.holds(label, key="sort"):
        return hand.select(label, key="sort")
    return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None


def go_to_round(hand: SportsHand, league: str, number: int) -> Next | None:
    """To the matches of a round."""
    way = go_to_league(hand, league, "matches")
    if way is not None:
        return way
    label = f"Round {number}"
    return None if hand.holds(label, key="round") else hand.select(label, key="round")


def go_to_match(hand: SportsHand, match: Match, tab: str = "summary") -> Next | None:
    """To a tab of a match's page, over its round or a link in sight."""
    if hand.path == f"/match/{match.slug}":
        asked = tab if match.goals is not None else "summary"
        at = hand.query.get("tab", "summary")
        return None if at == asked or match.goals is None else hand.click(key=f"tab-{asked}")
    link = hand.find(key=f"match-{match.slug}")
    if link is not None and link.visible:
        return hand.click(key=link.key)
    return go_to_round(hand, match.league, match.round) or hand.click(key=f"match-{match.slug}")


def go_to_thing(hand: SportsHand, thing: Team | Player) -> Next | None:
    """To a team's or a player's page, by a link in sight or by the search box."""
    kind = "team" if isinstance(thing, Team) else "player"
    if hand.path == f"/{kind}/{thing.slug}":
        return None
    link = hand.find(key=f"{kind}-{thing.slug}")
    searched = hand.path == "/search" and fold(hand.query.get("q", "")) == fold(thing.name)
    if link is not None and (link.visible or searched):
        return hand.click(key=link.key)
    return hand.type(thing.name, enter=True, key="search")


def go_to_tab(hand: SportsHand, team: Team, tab: str) -> Next | None:
    """To a tab of the team's page."""
    way = go_to_thing(hand, team)
    if way is not None:
        return way
    return None if hand.query.get("tab", "club") == tab else hand.click(key=f"tab-{tab}")


def go_by_colour(hand: SportsHand, team: Team) -> Next | None:
    """To the page of a team that is known by its shirt only."""
    if hand.path == f"/team/{team.slug}":
        return None
    return go_to_league(hand, team.league, "teams") or hand.click(key=f"team-{team.slug}")


def reach(hand: SportsHand, way: Way = go_to_thing) -> Next | None:
    """The next action towards `hand.wanted`, or None if the state's effects are as wanted.

    Args:
        way: how to get to the page of a team that is to be followed.
    """
    return _vote(hand) or _predictions(hand) or _reminders(hand) or _followed(hand, way)


def _vote(hand: SportsHand) -> Next | None:
    wanted = hand.wanted["vote"]
    if hand.state.vote == wanted:
        return None
    if hand.path != "/" or not (hand.there(key="unvote") or hand.there(key=f"vote-{wanted}")):
        return hand.click(key="home")
    return hand.click(key="unvote") if hand.state.vote else hand.click(key=f"vote-{wanted}")


def _predictions(hand: SportsHand) -> Next | None:
    wanted: dict[str, list[int]] = hand.wanted["predictions"]
    for slug in sorted({*wanted, *hand.state.predictions}):
        score = wanted.get(slug)
        if score == list(hand.state.predictions.get(slug, ())) or (not score and slug not in hand.state.predictions):
            continue
        way = go_to_match(hand, hand.world.match[slug])
        if way is not None:
            return way
        if not score:
            return hand.click(key="unpredict")
        return fill(hand, {"predict-home": str(score[0]), "predict-away": str(score[1])}, "predict")
    return None


def _reminders(hand: SportsHand) -> Next | None:
    wanted = set(hand.wanted["reminders"])
    for slug in sorted(hand.state.reminders - wanted):
        if hand.path == f"/match/{slug}":
            return hand.click(key="forget")
        return hand.click(key=f"forget-{slug}") if hand.path == "/mine" else hand.click(key="mine")
    for slug in sorted(wanted - hand.state.reminders):
        return go_to_match(hand, hand.world.match[slug]) or hand.click(key="remind")
    return None


def _followed(hand: SportsHand, way: Way) -> Next | None:
    wanted = set(hand.wanted["followed"])
    for slug in sorted(hand.state.followed - wanted):
        if hand.path == f"/team/{slug}":
            return hand.click(key="unfollow")
        return hand.click(key=f"unfollow-{slug}") if hand.path == "/mine" else hand.click(key="mine")
    for slug in sorted(wanted - hand.state.followed):
        return way(hand, hand.world.team[slug]) or hand.click(key="follow")
    return None
