"""A dictionary of invented words: senses, thesaurus, translations, word lists and a quiz."""
