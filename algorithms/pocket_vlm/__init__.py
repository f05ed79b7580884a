"""The training of the pocket VLM: data, tokenizer, model, training and evaluation. README.md has the commands."""
