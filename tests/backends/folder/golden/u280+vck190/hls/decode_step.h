// Kernels of the design decode_step.
#ifndef DECODE_STEP_H
#define DECODE_STEP_H

#include "ap_int.h"
#include "hls_burst_maxi.h"
#include "hls_stream.h"

#include "lmc_ops.h"
#include "lmc_task.h"

extern "C" void load(
    ap_uint<32> n_prompt,
    hls::burst_maxi<ap_uint<32>> prompt,
    ap_uint<32> n_tokens,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& chosen_tokens,
    hls::burst_maxi<ap_uint<512>> embedding,
    hls::stream<ap_uint<27>>& embedding_elements,
    hls::burst_maxi<ap_uint<512>> conv_state_state,
    hls::stream<ap_uint<96>>& conv_state_loaded,
    hls::burst_maxi<ap_uint<512>> ssm_state_state,
    hls::stream<ap_uint<32>>& ssm_state_loaded,
    hls::burst_maxi<ap_uint<512>> ssm_state_exponents_state,
    hls::stream<ap_uint<4>>& ssm_state_exponents_loaded,
    hls::burst_maxi<ap_uint<512>> parameters,
    hls::stream<ap_uint<128>>& conv_weight_parameters,
    hls::stream<ap_uint<54>>& conv_bias_parameters,
    hls::stream<ap_uint<24>>& dt_bias_parameters,
    hls::stream<ap_uint<64>>& a_parameters,
    hls::stream<ap_uint<16>>& d_parameters,
    hls::burst_maxi<ap_uint<512>> tables,
    hls::stream<ap_uint<32>>& rsqrt_normed_table,
    hls::stream<ap_uint<64>>& silu_x_table,
    hls::stream<ap_uint<64>>& softplus_dt_table,
    hls::stream<ap_uint<64>>& exp_decay_table,
    hls::stream<ap_uint<64>>& silu_gate_table,
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2);

extern "C" void front(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<27>>& embedding_elements,
    hls::stream<ap_uint<48>>& residual_feedback,
    hls::stream<ap_uint<48>>& hidden_copy,
    hls::stream<ap_uint<32>>& rsqrt_normed_table,
    hls::stream<ap_uint<320>>& normed_q_tiles);

extern "C" void after_in_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& z,
    hls::stream<ap_uint<96>>& conv_state_old,
    hls::stream<ap_uint<128>>& conv_weight_parameters,
    hls::stream<ap_uint<54>>& conv_bias_parameters,
    hls::stream<ap_uint<96>>& conv_state_new,
    hls::stream<ap_uint<64>>& silu_x_table,
    hls::stream<ap_uint<32>>& x_copy_kept,
    hls::stream<ap_uint<320>>& x_q_tiles);

extern "C" void store(
    hls::stream<ap_uint<96>>& conv_state_saved,
    hls::burst_maxi<ap_uint<512>> conv_state_state,
    hls::stream<ap_uint<32>>& ssm_state_saved,
    hls::burst_maxi<ap_uint<512>> ssm_state_state,
    hls::stream<ap_uint<4>>& ssm_state_exponents_saved,
    hls::burst_maxi<ap_uint<512>> ssm_state_exponents_state,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_kept,
    hls::burst_maxi<ap_uint<512>> logits,
    hls::stream<ap_uint<32>>& tokens_2,
    hls::burst_maxi<ap_uint<32>> tokens);

extern "C" void states(
    hls::stream<ap_uint<96>>& conv_state_loaded,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<96>>& conv_state_old,
    hls::stream<ap_uint<96>>& conv_state_new,
    hls::stream<ap_uint<96>>& conv_state_saved,
    hls::stream<ap_uint<32>>& ssm_state_loaded,
    hls::stream<ap_uint<4>>& ssm_state_exponents_loaded,
    hls::stream<ap_uint<32>>& ssm_state_old,
    hls::stream<ap_uint<4>>& ssm_state_exponents_old,
    hls::stream<ap_uint<32>>& ssm_state_new,
    hls::stream<ap_uint<4>>& ssm_state_exponents_new,
    hls::stream<ap_uint<32>>& ssm_state_saved,
    hls::stream<ap_uint<4>>& ssm_state_exponents_saved);

extern "C" void after_x_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c,
    hls::stream<ap_uint<320>>& dt_q_tiles);

extern "C" void after_dt_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<24>>& dt_bias_parameters,
    hls::stream<ap_uint<64>>& softplus_dt_table,
    hls::stream<ap_uint<64>>& exp_decay_table,
    hls::stream<ap_uint<64>>& a_parameters,
    hls::stream<ap_uint<32>>& x_copy_kept,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c,
    hls::stream<ap_uint<16>>& d_parameters,
    hls::stream<ap_uint<32>>& ssm_state_old,
    hls::stream<ap_uint<4>>& ssm_state_exponents_old,
    hls::stream<ap_uint<32>>& ssm_state_new,
    hls::stream<ap_uint<4>>& ssm_state_exponents_new,
    hls::stream<ap_uint<64>>& silu_gate_table,
    hls::stream<ap_uint<32>>& z,
    hls::stream<ap_uint<320>>& rotated_q_tiles);

extern "C" void after_out_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& hidden_copy,
    hls::stream<ap_uint<64>>& out,
    hls::stream<ap_uint<48>>& residual_feedback,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2,
    hls::stream<ap_uint<320>>& normed_q_tiles_2);

extern "C" void after_lm_head(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_2,
    hls::stream<ap_uint<64>>& logits_kept,
    hls::stream<ap_uint<32>>& tokens_2,
    hls::stream<ap_uint<32>>& chosen_tokens);

extern "C" void matrix(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<320>>& normed_q_tiles,
    hls::stream<ap_uint<320>>& x_q_tiles,
    hls::stream<ap_uint<320>>& dt_q_tiles,
    hls::stream<ap_uint<320>>& rotated_q_tiles,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<320>>& normed_q_tiles_2,
    hls::burst_maxi<ap_uint<512>> weights_0,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<64>>& out,
    hls::stream<ap_uint<64>>& logits_2);

#endif
