// What the host program says of faults: who is joined to whom, and whose work memory shows.
#ifndef LMC_HOST_CHECKS_H
#define LMC_HOST_CHECKS_H

#include <vector>

namespace design {

// A stream between two kernels, and what it carries where that is known.
struct Link {
  const char *name, *from, *to, *carries;
};

inline const std::vector<Link> links = {
    {"chosen_tokens", "after_lm_head", "load", ""},
    {"embedding_elements", "load", "front", ""},
    {"residual_feedback", "after_out_proj", "front", "8 words for each layer"},
    {"hidden_copy", "front", "after_out_proj", "8 words for each layer"},
    {"rsqrt_normed_table", "load", "front", ""},
    {"normed_q_tiles", "front", "matrix", "1 word for each layer"},
    {"xz", "matrix", "after_in_proj", "32 words for each layer"},
    {"z", "after_in_proj", "after_dt_proj", "16 words for each layer"},
    {"conv_weight_parameters", "load", "after_in_proj", "16 words for each layer"},
    {"conv_bias_parameters", "load", "after_in_proj", "16 words for each layer"},
    {"conv_state_old", "states", "after_in_proj", ""},
    {"conv_state_new", "after_in_proj", "states", ""},
    {"conv_state_loaded", "load", "states", ""},
    {"conv_state_saved", "states", "store", ""},
    {"silu_x_table", "load", "after_in_proj", ""},
    {"x_copy_kept", "after_in_proj", "after_dt_proj", "16 words for each layer"},
    {"x_q_tiles", "after_in_proj", "matrix", "1 word for each layer"},
    {"dbc", "matrix", "after_x_proj", "5 words for each layer"},
    {"b", "after_x_proj", "after_dt_proj", "2 words for each layer"},
    {"c", "after_x_proj", "after_dt_proj", "2 words for each layer"},
    {"dt_q_tiles", "after_x_proj", "matrix", "1 word for each layer"},
    {"dt", "matrix", "after_dt_proj", "16 words for each layer"},
    {"dt_bias_parameters", "load", "after_dt_proj", "16 words for each layer"},
    {"softplus_dt_table", "load", "after_dt_proj", ""},
    {"exp_decay_table", "load", "after_dt_proj", ""},
    {"a_parameters", "load", "after_dt_proj", "32 words for each layer"},
    {"ssm_state_old", "states", "after_dt_proj", ""},
    {"ssm_state_new", "after_dt_proj", "states", ""},
    {"ssm_state_exponents_old", "states", "after_dt_proj", ""},
    {"ssm_state_exponents_new", "after_dt_proj", "states", ""},
    {"ssm_state_loaded", "load", "states", ""},
    {"ssm_state_saved", "states", "store", ""},
    {"ssm_state_exponents_loaded", "load", "states", ""},
    {"ssm_state_exponents_saved", "states", "store", ""},
    {"d_parameters", "load", "after_dt_proj", "32 words for each layer"},
    {"silu_gate_table", "load", "after_dt_proj", ""},
    {"rotated_q_tiles", "after_dt_proj", "matrix", "1 word for each layer"},
    {"out", "matrix", "after_out_proj", "8 words for each layer"},
    {"rsqrt_normed_table_2", "load", "after_out_proj", ""},
    {"normed_q_tiles_2", "after_out_proj", "matrix", "1 word for each token"},
    {"logits_2", "matrix", "after_lm_head", "8 words for each token"},
    {"logits_kept", "after_lm_head", "store", "8 words for each token"},
    {"tokens_2", "after_lm_head", "store", ""},
};

// Who can be at fault where something is wrong in memory and all that comes before it is right.
struct Suspects {
  const char *first, *all;
};

// A bank that each launch writes. A state has layers; where it is wrong in the first of them, `first` are the suspects.
struct Checkpoint {
  const char *name;
  int bank, layers;
  Suspects first, later;
};

// In the order in which data comes to them.
inline const std::vector<Checkpoint> checkpoints = {
    {"conv_state_state", 2, 2,
     {"load",
      "on the way are load (read_prompt choose_token fetch_embedding unpack_embedding), front (embedding_2 enter_layer fork_hidden rms_norm quantize), matrix, after_in_proj (split conv1d), states (hold_conv_state), store (pack_conv_state write_conv_state)"},
     {"after_in_proj",
      "on the way are after_in_proj (split conv1d), after_dt_proj (state_update widen_y_rows silu_2 keep_gate mul rotate quantize_4), front (enter_layer fork_hidden rms_norm quantize), matrix, after_out_proj (add leave_layer), states (hold_conv_state), store (pack_conv_state write_conv_state); weights, tables and old states come from load (read_conv_state unpack_conv_state read_parameters deal_parameters read_tables deal_tables); what is right does not show all of b of after_x_proj and c of after_x_proj and embedding_elements of load"}},
    {"ssm_state_state", 3, 2,
     {"after_in_proj",
      "on the way are after_in_proj (conv1d silu fork_x keep_x_copy quantize_2), after_x_proj (split_2 quantize_3), matrix, after_dt_proj (bias softplus fork_dt narrow_dt_copy decay_2 narrow_dt_copy_2 narrow_x_copy_kept state_update), states (hold_ssm_state), store (pack_ssm_state write_ssm_state); weights, tables and old states come from load (read_ssm_state unpack_ssm_state read_ssm_state_exponents unpack_ssm_state_exponents deal_parameters deal_tables)"},
     {"after_in_proj",
      "on the way are after_in_proj (conv1d silu fork_x keep_x_copy quantize_2), after_x_proj (split_2 quantize_3), matrix, after_dt_proj (bias softplus fork_dt narrow_dt_copy decay_2 narrow_dt_copy_2 narrow_x_copy_kept state_update), states (hold_ssm_state), store (pack_ssm_state write_ssm_state); weights, tables and old states come from load (read_ssm_state unpack_ssm_state read_ssm_state_exponents unpack_ssm_state_exponents deal_parameters deal_tables)"}},
    {"ssm_state_exponents_state", 4, 2,
     {"after_in_proj",
      "on the way are after_in_proj (conv1d silu fork_x keep_x_copy quantize_2), after_x_proj (split_2 quantize_3), matrix, after_dt_proj (bias softplus fork_dt narrow_dt_copy decay_2 narrow_dt_copy_2 narrow_x_copy_kept state_update), states (hold_ssm_state), store (pack_ssm_state_exponents write_ssm_state_exponents); weights, tables and old states come from load (read_ssm_state unpack_ssm_state read_ssm_state_exponents unpack_ssm_state_exponents deal_parameters deal_tables)"},
     {"after_in_proj",
      "on the way are after_in_proj (conv1d silu fork_x keep_x_copy quantize_2), after_x_proj (split_2 quantize_3), matrix, after_dt_proj (bias softplus fork_dt narrow_dt_copy decay_2 narrow_dt_copy_2 narrow_x_copy_kept state_update), states (hold_ssm_state), store (pack_ssm_state_exponents write_ssm_state_exponents); weights, tables and old states come from load (read_ssm_state unpack_ssm_state read_ssm_state_exponents unpack_ssm_state_exponents deal_parameters deal_tables)"}},
    {"logits", 5, 0,
     {"after_in_proj",
      "on the way are after_in_proj (split), after_dt_proj (state_update widen_y_rows silu_2 keep_gate mul rotate quantize_4), front (fork_hidden), matrix, after_out_proj (add leave_layer rms_norm_2 quantize_5), after_lm_head (fork_logits), store (pack_logits write_logits); weights, tables and old states come from load (deal_tables); what is right does not show all of b of after_x_proj and c of after_x_proj and conv_state_old of states and embedding_elements of load and ssm_state_exponents_old of states and ssm_state_old of states"},
     {"after_in_proj",
      "on the way are after_in_proj (split), after_dt_proj (state_update widen_y_rows silu_2 keep_gate mul rotate quantize_4), front (fork_hidden), matrix, after_out_proj (add leave_layer rms_norm_2 quantize_5), after_lm_head (fork_logits), store (pack_logits write_logits); weights, tables and old states come from load (deal_tables); what is right does not show all of b of after_x_proj and c of after_x_proj and conv_state_old of states and embedding_elements of load and ssm_state_exponents_old of states and ssm_state_old of states"}},
    {"tokens", 6, 0,
     {"after_lm_head",
      "on the way are after_lm_head (fork_logits choose_greedily), store (write_tokens); what is right does not show all of logits_2 of matrix"},
     {"after_lm_head",
      "on the way are after_lm_head (fork_logits choose_greedily), store (write_tokens); what is right does not show all of logits_2 of matrix"}},
};

}  // namespace design

#endif
