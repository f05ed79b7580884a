"""Modelry, a hub of models and data sets: cards with benchmark tables, files, discussions and a widget."""
