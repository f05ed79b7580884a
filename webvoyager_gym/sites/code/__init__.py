"""Forgeyard, a code host: repositories with files, issues, releases and contributors."""
