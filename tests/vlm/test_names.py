"""What a model is known by: the same whatever may be spent on it, another where it would say something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from webvoyager_gym.agents import First
from webvoyager_gym.collect import _claim
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.evaluation_log import EvaluationLog
from webvoyager_gym.identity import identity
from webvoyager_gym.vlm.names import InvalidModelName, known_as, models_as_known
from webvoyager_gym.vlm_agents import VLMSelector

SERVED = "openai:org/m:1b?base_url=http://127.0.0.1:8000/v1&n=2"


@pytest.mark.parametrize(
    "spelled",
    [
        SERVED,
        "openai:org/m:1b?n=2&base_url=http%3A%2F%2F127.0.0.1:8000/v1",
        f"{SERVED}&budget_tokens=1000&retries=9&key_env=MY_KEY",
        f"{SERVED}&budget_usd=5&price_in=1&price_out=2&timeout=5&deadline=50",
    ],
)
def test_a_model_is_known_by_what_decides_on_its_words(spelled: str) -> None:
    assert known_as(spelled) == SERVED


@pytest.mark.parametrize("name", ["pocket", "same", "transformers:/a/b?strategy=sample&temperature=0.5"])
def test_other_names_stay_what_they_are(name: str) -> None:
    assert known_as(name) == name


def test_other_settings_are_another_model_and_a_secret_is_none() -> None:
    assert len({known_as(f"openai:m{rest}") for rest in ("", "?n=2", "?n=3", "?temperature=1")}) == 4
    with pytest.raises(InvalidModelName, match="environment"):
        known_as("openai:m?api_key=abc")


def test_a_collection_goes_on_with_a_larger_budget_and_not_with_another_model(tmp_path: Path) -> None:
    def claim(proposer: str) -> None:
        _claim(tmp_path, identity(models_as_known({"proposer": proposer, "embedder": None})))

    claim("openai:m?budget_tokens=1000")
    claim("openai:m?budget_tokens=9000&timeout=9")
    with pytest.raises(WebVoyagerError, match="temperature"):
        claim("openai:m?budget_tokens=9000&temperature=1")


def test_an_evaluation_goes_on_with_a_larger_budget_for_its_proposer_and_its_selector(tmp_path: Path) -> None:
    def begin(budget: int, more: str = "") -> None:
        model = f"openai:m?budget_tokens={budget}{more}"
        settings = {
            "agents": [identity(agent) for agent in (First(), VLMSelector(model))],
            "env": identity(models_as_known({"proposer": model, "embedder": "pocket"})),
        }
        with EvaluationLog(tmp_path / "result.json", settings):
            pass

    begin(1000)
    begin(9000)
    with pytest.raises(WebVoyagerError, match="unfinished evaluation"):
        begin(9000, "&n=2")
    assert VLMSelector("openai:m?budget_tokens=1").name == "vlm-selector:openai:m"
