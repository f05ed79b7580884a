"""Looking at episodes: a local page over a dataset, a recording or a result; the same as one file; a moving picture.

`open_source` opens what there is to look at, `ViewerApp` serves it, `write_episodes` and `write_video` keep it.
"""

from webvoyager_gym.viewer.app import ViewerApp
from webvoyager_gym.viewer.export import write_episodes
from webvoyager_gym.viewer.opening import open_source
from webvoyager_gym.viewer.source import Entry, Source, Wanted
from webvoyager_gym.viewer.video import write_video

__all__ = ["Entry", "Source", "ViewerApp", "Wanted", "open_source", "write_episodes", "write_video"]
