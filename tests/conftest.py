"""What holds for every test: no model hub is asked for anything."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"
