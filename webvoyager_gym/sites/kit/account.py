"""Signing in, for sites on which some pages are behind a wall."""

from __future__ import annotations

from typing import ClassVar, TypeVar
from urllib.parse import quote

from webvoyager_gym.sites.kit.site import Redirect, Reply, Site, Visit, own_place, page
from webvoyager_gym.sites.kit.template import State

W = TypeVar("W")
S = TypeVar("S", bound=State)


class AccountSite(Site[W, S]):
    """A site with a log-in page. Its world has `user` and `password`, its state `signed_in`.

    Attributes:
        welcome: what the log-in page is headed.
    """

    welcome: ClassVar[str]

    @page("/login")
    def login(self, visit: Visit) -> Reply:
        return visit.render("login.html", back=own_place(visit.arg("back", "/")), wrong="", username="")

    @page("/login", "POST")
    def sign_in(self, visit: Visit) -> Reply:
        username = visit.field("username").strip()
        if username != visit.world.user or visit.field("password").strip() != visit.world.password:
            back, wrong = own_place(visit.field("back", "/")), "Wrong username or password."
            return visit.render("login.html", back=back, wrong=wrong, username=username[:60])
        visit.state.signed_in = True
        return visit.go_back()


def wall(place: str) -> Redirect:
    """To the log-in page first, then on to the place."""
    return Redirect(f"/login?back={quote(place)}")
