// The kernels of the design and the streams between them, for the C simulation.
#include "decode_step.h"
#include "xrt_sim.h"

namespace streams {
static hls::stream<ap_uint<32>, 16> chosen_tokens("chosen_tokens");
static hls::stream<ap_uint<27>, 16> embedding_elements("embedding_elements");
static hls::stream<ap_uint<48>, 16> residual_feedback("residual_feedback");
static hls::stream<ap_uint<48>, 16> hidden_copy("hidden_copy");
static hls::stream<ap_uint<32>, 16> rsqrt_normed_table("rsqrt_normed_table");
static hls::stream<ap_uint<320>, 16> normed_q_tiles("normed_q_tiles");
static hls::stream<ap_uint<32>, 16> xz("xz");
static hls::stream<ap_uint<32>, 16> z("z");
static hls::stream<ap_uint<128>, 16> conv_weight_parameters("conv_weight_parameters");
static hls::stream<ap_uint<54>, 16> conv_bias_parameters("conv_bias_parameters");
static hls::stream<ap_uint<96>, 16> conv_state_old("conv_state_old");
static hls::stream<ap_uint<96>, 16> conv_state_new("conv_state_new");
static hls::stream<ap_uint<96>, 16> conv_state_loaded("conv_state_loaded");
static hls::stream<ap_uint<96>, 16> conv_state_saved("conv_state_saved");
static hls::stream<ap_uint<64>, 16> silu_x_table("silu_x_table");
static hls::stream<ap_uint<32>, 16> x_copy_kept("x_copy_kept");
static hls::stream<ap_uint<320>, 16> x_q_tiles("x_q_tiles");
static hls::stream<ap_uint<32>, 16> dbc("dbc");
static hls::stream<ap_uint<32>, 16> b("b");
static hls::stream<ap_uint<32>, 16> c("c");
static hls::stream<ap_uint<320>, 16> dt_q_tiles("dt_q_tiles");
static hls::stream<ap_uint<32>, 16> dt("dt");
static hls::stream<ap_uint<24>, 16> dt_bias_parameters("dt_bias_parameters");
static hls::stream<ap_uint<64>, 16> softplus_dt_table("softplus_dt_table");
static hls::stream<ap_uint<64>, 16> exp_decay_table("exp_decay_table");
static hls::stream<ap_uint<64>, 32> a_parameters("a_parameters");
static hls::stream<ap_uint<32>, 32> ssm_state_old("ssm_state_old");
static hls::stream<ap_uint<32>, 16> ssm_state_new("ssm_state_new");
static hls::stream<ap_uint<4>, 32> ssm_state_exponents_old("ssm_state_exponents_old");
static hls::stream<ap_uint<4>, 16> ssm_state_exponents_new("ssm_state_exponents_new");
static hls::stream<ap_uint<32>, 32> ssm_state_loaded("ssm_state_loaded");
static hls::stream<ap_uint<32>, 16> ssm_state_saved("ssm_state_saved");
static hls::stream<ap_uint<4>, 16> ssm_state_exponents_loaded("ssm_state_exponents_loaded");
static hls::stream<ap_uint<4>, 32> ssm_state_exponents_saved("ssm_state_exponents_saved");
static hls::stream<ap_uint<16>, 32> d_parameters("d_parameters");
static hls::stream<ap_uint<64>, 16> silu_gate_table("silu_gate_table");
static hls::stream<ap_uint<320>, 16> rotated_q_tiles("rotated_q_tiles");
static hls::stream<ap_uint<64>, 16> out("out");
static hls::stream<ap_uint<32>, 16> rsqrt_normed_table_2("rsqrt_normed_table_2");
static hls::stream<ap_uint<320>, 16> normed_q_tiles_2("normed_q_tiles_2");
static hls::stream<ap_uint<64>, 16> logits_2("logits_2");
static hls::stream<ap_uint<64>, 16> logits_kept("logits_kept");
static hls::stream<ap_uint<32>, 16> tokens_2("tokens_2");
}  // namespace streams

static const bool load_registered = lmc::sim::register_kernel(
    "load", 26, []([[maybe_unused]] const lmc::sim::args &launch) {
      load(launch.scalar(0), static_cast<ap_uint<32> *>(launch.pointer(1)), launch.scalar(2), launch.scalar(3), streams::chosen_tokens, static_cast<ap_uint<512> *>(launch.pointer(5)), streams::embedding_elements, hls::burst_maxi<ap_uint<512> >::untied(static_cast<ap_uint<512> *>(launch.pointer(7)), 8), streams::conv_state_loaded, hls::burst_maxi<ap_uint<512> >::untied(static_cast<ap_uint<512> *>(launch.pointer(9)), 4), streams::ssm_state_loaded, hls::burst_maxi<ap_uint<512> >::untied(static_cast<ap_uint<512> *>(launch.pointer(11)), 2), streams::ssm_state_exponents_loaded, static_cast<ap_uint<512> *>(launch.pointer(13)), streams::conv_weight_parameters, streams::conv_bias_parameters, streams::dt_bias_parameters, streams::a_parameters, streams::d_parameters, static_cast<ap_uint<512> *>(launch.pointer(19)), streams::rsqrt_normed_table, streams::silu_x_table, streams::softplus_dt_table, streams::exp_decay_table, streams::silu_gate_table, streams::rsqrt_normed_table_2);
    });

static const bool front_registered = lmc::sim::register_kernel(
    "front", 6, []([[maybe_unused]] const lmc::sim::args &launch) {
      front(launch.scalar(0), streams::embedding_elements, streams::residual_feedback, streams::hidden_copy, streams::rsqrt_normed_table, streams::normed_q_tiles);
    });

static const bool after_in_proj_registered = lmc::sim::register_kernel(
    "after_in_proj", 10, []([[maybe_unused]] const lmc::sim::args &launch) {
      after_in_proj(launch.scalar(0), streams::xz, streams::z, streams::conv_state_old, streams::conv_weight_parameters, streams::conv_bias_parameters, streams::conv_state_new, streams::silu_x_table, streams::x_copy_kept, streams::x_q_tiles);
    });

static const bool store_registered = lmc::sim::register_kernel(
    "store", 11, []([[maybe_unused]] const lmc::sim::args &launch) {
      store(streams::conv_state_saved, static_cast<ap_uint<512> *>(launch.pointer(1)), streams::ssm_state_saved, static_cast<ap_uint<512> *>(launch.pointer(3)), streams::ssm_state_exponents_saved, static_cast<ap_uint<512> *>(launch.pointer(5)), launch.scalar(6), streams::logits_kept, static_cast<ap_uint<512> *>(launch.pointer(8)), streams::tokens_2, static_cast<ap_uint<32> *>(launch.pointer(10)));
    });

static const bool states_registered = lmc::sim::register_kernel(
    "states", 13, []([[maybe_unused]] const lmc::sim::args &launch) {
      states(streams::conv_state_loaded, launch.scalar(1), streams::conv_state_old, streams::conv_state_new, streams::conv_state_saved, streams::ssm_state_loaded, streams::ssm_state_exponents_loaded, streams::ssm_state_old, streams::ssm_state_exponents_old, streams::ssm_state_new, streams::ssm_state_exponents_new, streams::ssm_state_saved, streams::ssm_state_exponents_saved);
    });

static const bool after_x_proj_registered = lmc::sim::register_kernel(
    "after_x_proj", 5, []([[maybe_unused]] const lmc::sim::args &launch) {
      after_x_proj(launch.scalar(0), streams::dbc, streams::b, streams::c, streams::dt_q_tiles);
    });

static const bool after_dt_proj_registered = lmc::sim::register_kernel(
    "after_dt_proj", 17, []([[maybe_unused]] const lmc::sim::args &launch) {
      after_dt_proj(launch.scalar(0), streams::dt, streams::dt_bias_parameters, streams::softplus_dt_table, streams::exp_decay_table, streams::a_parameters, streams::x_copy_kept, streams::b, streams::c, streams::d_parameters, streams::ssm_state_old, streams::ssm_state_exponents_old, streams::ssm_state_new, streams::ssm_state_exponents_new, streams::silu_gate_table, streams::z, streams::rotated_q_tiles);
    });

static const bool after_out_proj_registered = lmc::sim::register_kernel(
    "after_out_proj", 7, []([[maybe_unused]] const lmc::sim::args &launch) {
      after_out_proj(launch.scalar(0), streams::hidden_copy, streams::out, streams::residual_feedback, launch.scalar(4), streams::rsqrt_normed_table_2, streams::normed_q_tiles_2);
    });

static const bool after_lm_head_registered = lmc::sim::register_kernel(
    "after_lm_head", 5, []([[maybe_unused]] const lmc::sim::args &launch) {
      after_lm_head(launch.scalar(0), streams::logits_2, streams::logits_kept, streams::tokens_2, streams::chosen_tokens);
    });

static const bool matrix_registered = lmc::sim::register_kernel(
    "matrix", 13, []([[maybe_unused]] const lmc::sim::args &launch) {
      matrix(launch.scalar(0), streams::normed_q_tiles, streams::x_q_tiles, streams::dt_q_tiles, streams::rotated_q_tiles, launch.scalar(5), streams::normed_q_tiles_2, static_cast<ap_uint<512> *>(launch.pointer(7)), streams::xz, streams::dbc, streams::dt, streams::out, streams::logits_2);
    });
