"""The pages of the answer engine: the input line, answers, topics, forms and tables; desk.py has the visitor's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.acts import ACTS
from webvoyager_gym.sites.calculator.asking import ASKING
from webvoyager_gym.sites.calculator.desk import DeskPages
from webvoyager_gym.sites.calculator.drawings import DRAWINGS
from webvoyager_gym.sites.calculator.forms import FORMS, TOPIC_OF, TOPICS, Field, Form, Wrong
from webvoyager_gym.sites.calculator.keeping import KEEPING
from webvoyager_gym.sites.calculator.looking import LOOKING
from webvoyager_gym.sites.calculator.page import one_of_the, render
from webvoyager_gym.sites.calculator.planning import PLANNING
from webvoyager_gym.sites.calculator.state import MOST_RECENT, Desk, new_desk, saved_as
from webvoyager_gym.sites.calculator.tables import TABLES
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, property_of, value_text
from webvoyager_gym.sites.calculator.understand import NotUnderstood, understand
from webvoyager_gym.sites.calculator.view import Asked, Shown, article, plural, shown
from webvoyager_gym.sites.calculator.world import World, build_world
from webvoyager_gym.sites.kit import BadRequest, Hand, NotHere, Redirect, Reply, Site, Template, Visit, page


class Calculator(DeskPages, Site[World, Desk]):
    """An answer engine: arithmetic, units, dates, equations, facts about an invented world, notebooks."""

    name: ClassVar[str] = "calculator"
    title: ClassVar[str] = "Numera"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = (
        *ASKING, *LOOKING, *TABLES, *DRAWINGS, *PLANNING, *ACTS, *KEEPING,
    )  # fmt: skip

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> Desk:
        return new_desk(world)

    def obstacle(self, hand: Hand[Any, Any]) -> Action | None:
        """The list of recent inputs hangs over the page when it is open."""
        open_list = hand.find(key="recent-1")
        return hand.click(key="recent") if open_list is not None and open_list.visible else None

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"article": article, "plural": plural, "pair": lambda value: (value, value)}

    @page("/")
    def home(self, visit: Visit) -> Reply:
        return render(visit, "home.html", topics=TOPICS.values())

    @page("/ask", "POST")
    def asked(self, visit: Visit) -> Reply:
        """Remember what was typed, and show its answer."""
        text = " ".join(visit.field("q").split())[:200]
        if text:
            recent = [text, *(other for other in visit.state.recent if other != text)]
            visit.state.recent[:] = recent[:MOST_RECENT]
        return Redirect(Asked(text).href() if text else "/")

    @page("/ask")
    def answer(self, visit: Visit) -> Reply:
        asked = Asked(
            visit.arg("q")[:200],
            one_of_the(visit.arg("as"), ("", *KINDS), "kind"),
            visit.arg("unit"),
            one_of_the(visit.arg("digits"), ("", "more"), "number of digits"),
            visit.arg("tab"),
        )
        desk: Desk = visit.state
        answer = understand(asked.text, visit.world, asked.kind, desk.manner)
        if isinstance(answer, NotUnderstood):
            return render(visit, "unclear.html", asked=asked, answer=answer)
        return render(
            visit,
            "answer.html",
            asked=asked,
            answer=answer,
            shown=shown(answer, asked, desk.settings["units"], visit.world.units, desk.manner),
            saved=saved_as(asked.text, asked.kind, visit.world),
            notebooks=[(key, notebook.name) for key, notebook in sorted(desk.notebooks.items())],
        )

    @page("/topic/{key}")
    def topic(self, visit: Visit, key: str) -> Reply:
        topic = _topic(key)
        return render(visit, "topic.html", topic=topic, forms=[FORMS[form] for form in topic.forms], tab="tools")

    @page("/topic/{key}/examples")
    def examples(self, visit: Visit, key: str) -> Reply:
        topic = _topic(key)
        return render(visit, "examples.html", topic=topic, examples=dict(visit.world.examples)[key], tab="examples")

    @page("/form/{key}")
    def form(self, visit: Visit, key: str) -> Reply:
        if key not in FORMS:
            raise NotHere("There is no such form.")
        form = FORMS[key]
        fields = form.fields(visit.world)
        values = {field.key: _chosen(visit, field) for field in fields}
        wrong, laid_out = "", None
        if visit.query:
            wrong, laid_out = _worked(visit, form, values)
        return render(
            visit, "form.html", form=form, fields=fields, values=values, wrong=wrong, shown=laid_out,
            topic=TOPICS[TOPIC_OF[key]],
        )  # fmt: skip

    @page("/table/{kind}")
    def table(self, visit: Visit, kind: str) -> Reply:
        if kind not in KINDS:
            raise NotHere("There is no such table.")
        columns = [known for known in PROPERTIES[kind] if known.high]
        by = one_of_the(visit.arg("by", columns[0].key), tuple(known.key for known in columns), "column")
        known = property_of(kind, by)
        rows = [(thing, value_text(thing, known)) for thing in visit.world.of(kind)]
        options = [(one.key, one.label.capitalize()) for one in columns]
        return render(visit, "table.html", kind=kind, rows=rows, known=known, options=options, topic=TOPICS[kind])


def _topic(key: str) -> Any:
    if key not in TOPICS:
        raise NotHere("There is no such topic.")
    return TOPICS[key]


def _chosen(visit: Visit, field: Field) -> str:
    """What the address says of a field; what it starts with if it says nothing. Raises BadRequest."""
    value = visit.arg(field.key, field.start)[:40]
    if field.options and value not in dict(field.options):
        raise BadRequest(f"“{field.label}” has no such choice.")
    return value


def _worked(visit: Visit, form: Form, values: dict[str, str]) -> tuple[str, Shown | None]:
    """What is wrong with a form, or what comes of it."""
    asked = Asked("", tab=visit.arg("tab"))
    try:
        answer = form.work(values, visit.world)
    except Wrong as wrong:
        return str(wrong), None
    return "", shown(answer, asked, "Metric", (), visit.state.manner)
