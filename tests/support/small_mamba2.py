"""config.json of the small Mamba-2 that the tests of this folder write."""

HF_MAMBA2: dict[str, object] = {
    "model_type": "mamba2",
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "vocab_size": 40,
    "state_size": 8,
    "conv_kernel": 4,
    "expand": 2,
    "num_heads": 6,
    "head_dim": 8,
    "n_groups": 2,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
    "time_step_limit": [0.0, {"__float__": "Infinity"}],
}
