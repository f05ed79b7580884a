"""What an episode asked of the network and was answered: kept in an archive, and answered again from there."""

from __future__ import annotations
