"""How an input line is understood: a tokenizer, a recursive-descent parser, and what is known about numbers.

Nothing here evaluates text as a program; all of it is pure.
"""
