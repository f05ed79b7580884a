"""Quarry, a search engine over a small web of its own: results, pictures, videos, answers, alerts and collections."""
