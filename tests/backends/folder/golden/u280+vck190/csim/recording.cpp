// The kernels of the design and the streams between them, for a C simulation that
// records the vectors of the kernels' testbenches.
#include "../hls/decode_step.h"
#include "../testbench/recorder.h"

namespace streams {
static lmc::RecordedStream<ap_uint<32>> chosen_tokens(16, "chosen_tokens");
static lmc::RecordedStream<ap_uint<27>> embedding_elements(16, "embedding_elements");
static lmc::RecordedStream<ap_uint<48>> residual_feedback(16, "residual_feedback");
static lmc::RecordedStream<ap_uint<48>> hidden_copy(16, "hidden_copy");
static lmc::RecordedStream<ap_uint<32>> rsqrt_normed_table(16, "rsqrt_normed_table");
static lmc::RecordedStream<ap_uint<320>> normed_q_tiles(16, "normed_q_tiles");
static lmc::RecordedStream<ap_uint<32>> xz(16, "xz");
static lmc::RecordedStream<ap_uint<32>> z(16, "z");
static lmc::RecordedStream<ap_uint<128>> conv_weight_parameters(16, "conv_weight_parameters");
static lmc::RecordedStream<ap_uint<54>> conv_bias_parameters(16, "conv_bias_parameters");
static lmc::RecordedStream<ap_uint<96>> conv_state_old(16, "conv_state_old");
static lmc::RecordedStream<ap_uint<96>> conv_state_new(16, "conv_state_new");
static lmc::RecordedStream<ap_uint<96>> conv_state_loaded(16, "conv_state_loaded");
static lmc::RecordedStream<ap_uint<96>> conv_state_saved(16, "conv_state_saved");
static lmc::RecordedStream<ap_uint<64>> silu_x_table(16, "silu_x_table");
static lmc::RecordedStream<ap_uint<32>> x_copy_kept(16, "x_copy_kept");
static lmc::RecordedStream<ap_uint<320>> x_q_tiles(16, "x_q_tiles");
static lmc::RecordedStream<ap_uint<32>> dbc(16, "dbc");
static lmc::RecordedStream<ap_uint<32>> b(16, "b");
static lmc::RecordedStream<ap_uint<32>> c(16, "c");
static lmc::RecordedStream<ap_uint<320>> dt_q_tiles(16, "dt_q_tiles");
static lmc::RecordedStream<ap_uint<32>> dt(16, "dt");
static lmc::RecordedStream<ap_uint<24>> dt_bias_parameters(16, "dt_bias_parameters");
static lmc::RecordedStream<ap_uint<64>> softplus_dt_table(16, "softplus_dt_table");
static lmc::RecordedStream<ap_uint<64>> exp_decay_table(16, "exp_decay_table");
static lmc::RecordedStream<ap_uint<64>> a_parameters(32, "a_parameters");
static lmc::RecordedStream<ap_uint<32>> ssm_state_old(32, "ssm_state_old");
static lmc::RecordedStream<ap_uint<32>> ssm_state_new(16, "ssm_state_new");
static lmc::RecordedStream<ap_uint<4>> ssm_state_exponents_old(32, "ssm_state_exponents_old");
static lmc::RecordedStream<ap_uint<4>> ssm_state_exponents_new(16, "ssm_state_exponents_new");
static lmc::RecordedStream<ap_uint<32>> ssm_state_loaded(32, "ssm_state_loaded");
static lmc::RecordedStream<ap_uint<32>> ssm_state_saved(16, "ssm_state_saved");
static lmc::RecordedStream<ap_uint<4>> ssm_state_exponents_loaded(16, "ssm_state_exponents_loaded");
static lmc::RecordedStream<ap_uint<4>> ssm_state_exponents_saved(32, "ssm_state_exponents_saved");
static lmc::RecordedStream<ap_uint<16>> d_parameters(32, "d_parameters");
static lmc::RecordedStream<ap_uint<64>> silu_gate_table(16, "silu_gate_table");
static lmc::RecordedStream<ap_uint<320>> rotated_q_tiles(16, "rotated_q_tiles");
static lmc::RecordedStream<ap_uint<64>> out(16, "out");
static lmc::RecordedStream<ap_uint<32>> rsqrt_normed_table_2(16, "rsqrt_normed_table_2");
static lmc::RecordedStream<ap_uint<320>> normed_q_tiles_2(16, "normed_q_tiles_2");
static lmc::RecordedStream<ap_uint<64>> logits_2(16, "logits_2");
static lmc::RecordedStream<ap_uint<64>> logits_kept(16, "logits_kept");
static lmc::RecordedStream<ap_uint<32>> tokens_2(16, "tokens_2");
}  // namespace streams

static lmc::VectorFile load_file("load", "fc9f8860cb52e7c0");
static const bool load_registered = lmc::sim::register_kernel(
    "load", 26, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(load_file);
  record.scalar(launch.scalar(0));
  const auto prompt = record.reads<ap_uint<32>>(launch.pointer(1), 0);
  record.scalar(launch.scalar(2));
  record.scalar(launch.scalar(3));
  record.input(streams::chosen_tokens);
  const auto embedding = record.reads<ap_uint<512>>(launch.pointer(5), 0);
  record.output(streams::embedding_elements);
  const auto conv_state_state = record.reads<ap_uint<512>>(launch.pointer(7), 8);
  record.output(streams::conv_state_loaded);
  const auto ssm_state_state = record.reads<ap_uint<512>>(launch.pointer(9), 4);
  record.output(streams::ssm_state_loaded);
  const auto ssm_state_exponents_state = record.reads<ap_uint<512>>(launch.pointer(11), 2);
  record.output(streams::ssm_state_exponents_loaded);
  const auto parameters = record.reads<ap_uint<512>>(launch.pointer(13), 0);
  record.output(streams::conv_weight_parameters);
  record.output(streams::conv_bias_parameters);
  record.output(streams::dt_bias_parameters);
  record.output(streams::a_parameters);
  record.output(streams::d_parameters);
  const auto tables = record.reads<ap_uint<512>>(launch.pointer(19), 0);
  record.output(streams::rsqrt_normed_table);
  record.output(streams::silu_x_table);
  record.output(streams::softplus_dt_table);
  record.output(streams::exp_decay_table);
  record.output(streams::silu_gate_table);
  record.output(streams::rsqrt_normed_table_2);
  record.run([&] {
    load(launch.scalar(0), prompt, launch.scalar(2), launch.scalar(3),
      streams::chosen_tokens.consumer(), embedding, streams::embedding_elements.producer(),
      conv_state_state, streams::conv_state_loaded.producer(), ssm_state_state,
      streams::ssm_state_loaded.producer(), ssm_state_exponents_state,
      streams::ssm_state_exponents_loaded.producer(), parameters,
      streams::conv_weight_parameters.producer(), streams::conv_bias_parameters.producer(),
      streams::dt_bias_parameters.producer(), streams::a_parameters.producer(),
      streams::d_parameters.producer(), tables, streams::rsqrt_normed_table.producer(),
      streams::silu_x_table.producer(), streams::softplus_dt_table.producer(),
      streams::exp_decay_table.producer(), streams::silu_gate_table.producer(),
      streams::rsqrt_normed_table_2.producer());
  });
});

static lmc::VectorFile front_file("front", "3b5916b2edb2c033");
static const bool front_registered = lmc::sim::register_kernel(
    "front", 6, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(front_file);
  record.scalar(launch.scalar(0));
  record.input(streams::embedding_elements);
  record.input(streams::residual_feedback);
  record.output(streams::hidden_copy);
  record.input(streams::rsqrt_normed_table);
  record.output(streams::normed_q_tiles);
  record.run([&] {
    front(launch.scalar(0), streams::embedding_elements.consumer(),
      streams::residual_feedback.consumer(), streams::hidden_copy.producer(),
      streams::rsqrt_normed_table.consumer(), streams::normed_q_tiles.producer());
  });
});

static lmc::VectorFile after_in_proj_file("after_in_proj", "483dc005ea84d27b");
static const bool after_in_proj_registered = lmc::sim::register_kernel(
    "after_in_proj", 10, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(after_in_proj_file);
  record.scalar(launch.scalar(0));
  record.input(streams::xz);
  record.output(streams::z);
  record.input(streams::conv_state_old);
  record.input(streams::conv_weight_parameters);
  record.input(streams::conv_bias_parameters);
  record.output(streams::conv_state_new);
  record.input(streams::silu_x_table);
  record.output(streams::x_copy_kept);
  record.output(streams::x_q_tiles);
  record.run([&] {
    after_in_proj(launch.scalar(0), streams::xz.consumer(), streams::z.producer(),
      streams::conv_state_old.consumer(), streams::conv_weight_parameters.consumer(),
      streams::conv_bias_parameters.consumer(), streams::conv_state_new.producer(),
      streams::silu_x_table.consumer(), streams::x_copy_kept.producer(),
      streams::x_q_tiles.producer());
  });
});

static lmc::VectorFile store_file("store", "c2d373d2e1e4f2e5");
static const bool store_registered = lmc::sim::register_kernel(
    "store", 11, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(store_file);
  record.input(streams::conv_state_saved);
  const auto conv_state_state = record.writes<ap_uint<512>>(launch.pointer(1));
  record.input(streams::ssm_state_saved);
  const auto ssm_state_state = record.writes<ap_uint<512>>(launch.pointer(3));
  record.input(streams::ssm_state_exponents_saved);
  const auto ssm_state_exponents_state = record.writes<ap_uint<512>>(launch.pointer(5));
  record.scalar(launch.scalar(6));
  record.input(streams::logits_kept);
  const auto logits = record.writes<ap_uint<512>>(launch.pointer(8));
  record.input(streams::tokens_2);
  const auto tokens = record.writes<ap_uint<32>>(launch.pointer(10));
  record.run([&] {
    store(streams::conv_state_saved.consumer(), conv_state_state,
      streams::ssm_state_saved.consumer(), ssm_state_state,
      streams::ssm_state_exponents_saved.consumer(), ssm_state_exponents_state, launch.scalar(6),
      streams::logits_kept.consumer(), logits, streams::tokens_2.consumer(), tokens);
  });
});

static lmc::VectorFile states_file("states", "c90bea92d48b8fab");
static const bool states_registered = lmc::sim::register_kernel(
    "states", 13, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(states_file);
  record.input(streams::conv_state_loaded);
  record.scalar(launch.scalar(1));
  record.output(streams::conv_state_old);
  record.input(streams::conv_state_new);
  record.output(streams::conv_state_saved);
  record.input(streams::ssm_state_loaded);
  record.input(streams::ssm_state_exponents_loaded);
  record.output(streams::ssm_state_old);
  record.output(streams::ssm_state_exponents_old);
  record.input(streams::ssm_state_new);
  record.input(streams::ssm_state_exponents_new);
  record.output(streams::ssm_state_saved);
  record.output(streams::ssm_state_exponents_saved);
  record.run([&] {
    states(streams::conv_state_loaded.consumer(), launch.scalar(1),
      streams::conv_state_old.producer(), streams::conv_state_new.consumer(),
      streams::conv_state_saved.producer(), streams::ssm_state_loaded.consumer(),
      streams::ssm_state_exponents_loaded.consumer(), streams::ssm_state_old.producer(),
      streams::ssm_state_exponents_old.producer(), streams::ssm_state_new.consumer(),
      streams::ssm_state_exponents_new.consumer(), streams::ssm_state_saved.producer(),
      streams::ssm_state_exponents_saved.producer());
  });
});

static lmc::VectorFile after_x_proj_file("after_x_proj", "6c4089dbe6c2ebf9");
static const bool after_x_proj_registered = lmc::sim::register_kernel(
    "after_x_proj", 5, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(after_x_proj_file);
  record.scalar(launch.scalar(0));
  record.input(streams::dbc);
  record.output(streams::b);
  record.output(streams::c);
  record.output(streams::dt_q_tiles);
  record.run([&] {
    after_x_proj(launch.scalar(0), streams::dbc.consumer(), streams::b.producer(),
      streams::c.producer(), streams::dt_q_tiles.producer());
  });
});

static lmc::VectorFile after_dt_proj_file("after_dt_proj", "83962c58b7d3b17c");
static const bool after_dt_proj_registered = lmc::sim::register_kernel(
    "after_dt_proj", 17, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(after_dt_proj_file);
  record.scalar(launch.scalar(0));
  record.input(streams::dt);
  record.input(streams::dt_bias_parameters);
  record.input(streams::softplus_dt_table);
  record.input(streams::exp_decay_table);
  record.input(streams::a_parameters);
  record.input(streams::x_copy_kept);
  record.input(streams::b);
  record.input(streams::c);
  record.input(streams::d_parameters);
  record.input(streams::ssm_state_old);
  record.input(streams::ssm_state_exponents_old);
  record.output(streams::ssm_state_new);
  record.output(streams::ssm_state_exponents_new);
  record.input(streams::silu_gate_table);
  record.input(streams::z);
  record.output(streams::rotated_q_tiles);
  record.run([&] {
    after_dt_proj(launch.scalar(0), streams::dt.consumer(), streams::dt_bias_parameters.consumer(),
      streams::softplus_dt_table.consumer(), streams::exp_decay_table.consumer(),
      streams::a_parameters.consumer(), streams::x_copy_kept.consumer(), streams::b.consumer(),
      streams::c.consumer(), streams::d_parameters.consumer(), streams::ssm_state_old.consumer(),
      streams::ssm_state_exponents_old.consumer(), streams::ssm_state_new.producer(),
      streams::ssm_state_exponents_new.producer(), streams::silu_gate_table.consumer(),
      streams::z.consumer(), streams::rotated_q_tiles.producer());
  });
});

static lmc::VectorFile after_out_proj_file("after_out_proj", "52c0d809adad7f11");
static const bool after_out_proj_registered = lmc::sim::register_kernel(
    "after_out_proj", 7, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(after_out_proj_file);
  record.scalar(launch.scalar(0));
  record.input(streams::hidden_copy);
  record.input(streams::out);
  record.output(streams::residual_feedback);
  record.scalar(launch.scalar(4));
  record.input(streams::rsqrt_normed_table_2);
  record.output(streams::normed_q_tiles_2);
  record.run([&] {
    after_out_proj(launch.scalar(0), streams::hidden_copy.consumer(), streams::out.consumer(),
      streams::residual_feedback.producer(), launch.scalar(4),
      streams::rsqrt_normed_table_2.consumer(), streams::normed_q_tiles_2.producer());
  });
});

static lmc::VectorFile after_lm_head_file("after_lm_head", "016907a8a842650a");
static const bool after_lm_head_registered = lmc::sim::register_kernel(
    "after_lm_head", 5, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(after_lm_head_file);
  record.scalar(launch.scalar(0));
  record.input(streams::logits_2);
  record.output(streams::logits_kept);
  record.output(streams::tokens_2);
  record.output(streams::chosen_tokens);
  record.run([&] {
    after_lm_head(launch.scalar(0), streams::logits_2.consumer(), streams::logits_kept.producer(),
      streams::tokens_2.producer(), streams::chosen_tokens.producer());
  });
});

static lmc::VectorFile matrix_file("matrix", "780ed07be7658287");
static const bool matrix_registered = lmc::sim::register_kernel(
    "matrix", 13, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(matrix_file);
  record.scalar(launch.scalar(0));
  record.input(streams::normed_q_tiles);
  record.input(streams::x_q_tiles);
  record.input(streams::dt_q_tiles);
  record.input(streams::rotated_q_tiles);
  record.scalar(launch.scalar(5));
  record.input(streams::normed_q_tiles_2);
  const auto weights_0 = record.reads<ap_uint<512>>(launch.pointer(7), 0);
  record.output(streams::xz);
  record.output(streams::dbc);
  record.output(streams::dt);
  record.output(streams::out);
  record.output(streams::logits_2);
  record.run([&] {
    matrix(launch.scalar(0), streams::normed_q_tiles.consumer(), streams::x_q_tiles.consumer(),
      streams::dt_q_tiles.consumer(), streams::rotated_q_tiles.consumer(), launch.scalar(5),
      streams::normed_q_tiles_2.consumer(), weights_0, streams::xz.producer(),
      streams::dbc.producer(), streams::dt.producer(), streams::out.producer(),
      streams::logits_2.producer());
  });
});
