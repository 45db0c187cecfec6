"""How the model in ``runtime/default_model`` is made: its text, its tokenizer, its training.

    values -> facts of one field -> kinds of records -> records (text, schema, answer) -> corpus
    corpus -> vocabulary -> train -> evaluate

Nothing here is needed to use grammarlib; it is committed so that the weights can be made again.
"""
