"""Makes the networks of an algorithm, standardised by the moments of its dataset, and their optimisers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import nn

from algorithms.d3rlpy_import import d3rlpy
from algorithms.moments import Statistics
from webvoyager_gym.q_network import QConfig, QNetwork, Standardize, VNetwork


@dataclass(frozen=True, slots=True)
class NetworkFactory:
    """Everything that the networks of one algorithm have in common.

    Attributes:
        shape: of the ensemble that scores candidates.
        statistics: of the dataset; None before any was seen, when a checkpoint brings the moments.
        optim_factory: d3rlpy's choice of the optimiser.
        learning_rate: of every optimiser.
        device: d3rlpy's.
    """

    shape: QConfig
    statistics: Statistics | None
    optim_factory: d3rlpy.optimizers.OptimizerFactory
    learning_rate: float
    device: str

    def q_funcs(self) -> nn.ModuleList:
        """The ensemble that predicts."""
        networks = self.shape.create()
        for network in networks:
            self.standardize(network)
        return nn.ModuleList(networks).to(self.device)

    def policy_func(self) -> QNetwork:
        """One network of the same shape, whose values over the candidates are the logits of a policy."""
        (network,) = replace(self.shape, n_critics=1).create()
        self.standardize(network)
        return network.to(self.device)

    def value_func(self) -> VNetwork:
        network = VNetwork(self.shape.state_size, self.shape.hidden)
        self.standardize(network)
        return network.to(self.device)

    def optim(self, network: nn.Module) -> d3rlpy.optimizers.optimizers.OptimizerWrapper:
        optim = self.optim_factory.create(network.named_modules(), lr=self.learning_rate, compiled=False)
        for group in optim.optim.param_groups:
            # d3rlpy's factories cannot ask for it. These networks are small, so one kernel a step is worth having.
            if "fused" in group:
                group["fused"] = True
            # In a CUDA graph the optimiser's count of steps has to be on the device.
            if "capturable" in group:
                group["capturable"] = self.device.startswith("cuda")
        return optim

    def standardize(self, network: nn.Module) -> None:
        """Give a network's `state_input`, and its `action_input` if it has one, the moments of the dataset."""
        if self.statistics is None:
            return
        moments = {"state_input": self.statistics.states, "action_input": self.statistics.candidates}
        for name, given in moments.items():
            module = getattr(network, name, None)
            if isinstance(module, Standardize):
                module.fit(given.mean, given.std)
