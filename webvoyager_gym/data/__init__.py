"""Datasets: record episodes, merge them into a dataset, load it, and hand it to other libraries.

Record with `Recorder`, merge with `finalize`, open with `load_dataset`. `webvoyager_gym.data.convert`, which needs
d3rlpy, is not imported here.
"""

from webvoyager_gym.data.dataset import Dataset, datasets_folder, load_dataset, local_datasets
from webvoyager_gym.data.finalize import finalize
from webvoyager_gym.data.shards import Recorder, finished, read_shards
from webvoyager_gym.data.vectors import Vectors

__all__ = [
    "Dataset",
    "Recorder",
    "Vectors",
    "datasets_folder",
    "finalize",
    "finished",
    "load_dataset",
    "local_datasets",
    "read_shards",
]
