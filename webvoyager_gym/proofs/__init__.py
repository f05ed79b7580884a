"""Commands that measure what the local suite claims: its tasks can be done, never change, and mean something."""
