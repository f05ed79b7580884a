"""Recordings of other projects, brought into our format."""
