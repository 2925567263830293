"""A small tokenizer of byte-level BPE, in which the ids from 1 on are the bytes of a text."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

MERGES = (("h", "e"), ("t", "he"))


def byte_pairs(text: str, first: int = 1) -> Tokenizer:
    """The tokenizer; the bytes of `text`, all different, have the ids from `first` on."""
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    ((spelled, _),) = level.pre_tokenize_str(text)
    assert len(set(spelled)) == len(spelled), "a byte comes twice"
    rest = [char for char in sorted(pre_tokenizers.ByteLevel.alphabet()) if char not in spelled]
    others = [rest[0], *spelled, *rest[1:], *("".join(pair) for pair in MERGES)]
    numbers = [0, *range(first, first + len(others) - 1)]
    vocabulary = dict(zip(others, numbers, strict=True))
    tokenizer = Tokenizer(models.BPE(vocabulary, list(MERGES)))
    tokenizer.pre_tokenizer = level
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
