"""Keys of configurations that change nothing of what a model computes, whatever they say, and why.

Each reader of `config_parsing` takes those lists that its library's classes account for.
"""

FILES = (
    "_name_or_path",
    "name_or_path",
    "_commit_hash",
    "transformers_version",
    "dtype",
    "torch_dtype",
    "torchscript",
    "use_bfloat16",
    "attn_implementation",
    "_attn_implementation",
    "_attn_implementation_autoset",
    "tokenizer_class",
    "unsloth_fixed",
    "unsloth_version",
    "prefix",
)
"""Where the files come from and how they are stored: lmc reads every float type as float32."""

OUTPUTS = (
    "output_attentions",
    "output_hidden_states",
    "return_dict",
    "use_return_dict",
    "use_cache",
)
"""What a call of the module returns beside the logits."""

TASKS = (
    "id2label",
    "label2id",
    "num_labels",
    "problem_type",
    "finetuning_task",
    "task_specific_params",
)
"""Heads of other tasks: only language models are compiled, which is checked by `architectures`."""

NOT_IN_MAMBA = (
    "chunk_size_feed_forward",
    "pruned_heads",
    "tie_encoder_decoder",
    "cross_attention_hidden_size",
    "decoder_start_token_id",
    "sep_token_id",
    "is_decoder",
    "max_position_embeddings",
    "model_max_length",
)
"""About attention, feed-forward layers, encoders and positions, of which Mamba has none."""

TOKENS = ("bos_token_id", "eos_token_id", "pad_token_id")
"""Ids that generation looks at, not the model (`generation_config` reads the end token)."""

GENERATION = (
    "assistant_confidence_threshold",
    "assistant_lookbehind",
    "bad_words_ids",
    "begin_suppress_tokens",
    "diversity_penalty",
    "do_sample",
    "early_stopping",
    "encoder_no_repeat_ngram_size",
    "encoder_repetition_penalty",
    "epsilon_cutoff",
    "eta_cutoff",
    "exponential_decay_length_penalty",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "length_penalty",
    "max_length",
    "min_length",
    "no_repeat_ngram_size",
    "num_assistant_tokens",
    "num_assistant_tokens_schedule",
    "num_beam_groups",
    "num_beams",
    "num_return_sequences",
    "output_scores",
    "remove_invalid_values",
    "repetition_penalty",
    "return_dict_in_generate",
    "suppress_tokens",
    "target_lookbehind",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
)
"""Settings of sampling and search, which older releases of transformers kept here."""

INITIAL_VALUES = (
    "initializer_range",
    "rescale_prenorm_residual",
    "time_step_min",
    "time_step_max",
    "time_step_floor",
    "time_step_scale",
    "time_step_init_scheme",
    "dt_min",
    "dt_max",
    "dt_init",
    "dt_init_floor",
    "dt_init_scheme",
    "dt_scale",
    "conv_init",
    "A_init_range",
)
"""How weights are drawn before training; a checkpoint has them."""

KERNELS = (
    "chunk_size",
    "fused_add_norm",
    "use_associative_scan",
    "use_falcon_mambapy",
    "use_fast_path",
    "use_mambapy",
    "use_mem_eff_path",
)
"""Choices between ways to compute the same: scans in chunks, fused kernels."""

TRAINING = (
    "fuse_cross_entropy",
    "fuse_linear_cross_entropy",
    "fuse_norm",
    "use_l2warp",
)
"""How the loss is computed in training, and kernels for the same norm."""

OF_TRANSFORMERS = (*FILES, *OUTPUTS, *TASKS, *NOT_IN_MAMBA, *TOKENS, *GENERATION)
"""What transformers' base class of configurations has, also under fla's classes."""
