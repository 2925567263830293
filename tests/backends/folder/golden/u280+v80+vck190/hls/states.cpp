// Kernel states.
#include "decode_step.h"

static void hold_conv_state(
    hls::stream<ap_uint<96>>& conv_state_loaded,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<96>>& conv_state_old,
    hls::stream<ap_uint<96>>& conv_state_new,
    hls::stream<ap_uint<96>>& conv_state_saved) {
#pragma HLS inline off
  ap_uint<96> state[2][16];
#pragma HLS bind_storage variable = state type = ram_2p impl = uram
  const int n_tokens_2 = int(n_tokens);
hold_conv_state_load_layer:
  for (int load_layer = 0; load_layer < 2; load_layer++) {
  hold_conv_state_load:
    for (int load = 0; load < 16; load++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      const ap_uint<96> conv_state_loaded_word = conv_state_loaded.read();
      state[load_layer][load] = conv_state_loaded_word;
    }
  }
hold_conv_state_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  hold_conv_state_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    hold_conv_state_give:
      for (int give = 0; give < 16; give++) {
#pragma HLS pipeline II = 1 style = flp
        conv_state_old.write(state[layer][give]);
      }
    hold_conv_state_take:
      for (int take = 0; take < 16; take++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<96> conv_state_new_word = conv_state_new.read();
        state[layer][take] = conv_state_new_word;
      }
    }
  }
hold_conv_state_save_layer:
  for (int save_layer = 0; save_layer < 2; save_layer++) {
  hold_conv_state_save:
    for (int save = 0; save < 16; save++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      conv_state_saved.write(state[save_layer][save]);
    }
  }
}

static void hold_ssm_state(
    hls::stream<ap_uint<32>>& ssm_state_loaded,
    hls::stream<ap_uint<4>>& ssm_state_exponents_loaded,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& ssm_state_old,
    hls::stream<ap_uint<4>>& ssm_state_exponents_old,
    hls::stream<ap_uint<32>>& ssm_state_new,
    hls::stream<ap_uint<4>>& ssm_state_exponents_new,
    hls::stream<ap_uint<32>>& ssm_state_saved,
    hls::stream<ap_uint<4>>& ssm_state_exponents_saved) {
#pragma HLS inline off
  ap_uint<36> state[2][32];
#pragma HLS bind_storage variable = state type = ram_2p impl = uram
  const int n_tokens_2 = int(n_tokens);
hold_ssm_state_load_layer:
  for (int load_layer = 0; load_layer < 2; load_layer++) {
  hold_ssm_state_load:
    for (int load = 0; load < 32; load++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      const ap_uint<32> ssm_state_loaded_element = ssm_state_loaded.read();
      const ap_uint<4> ssm_state_exponents_loaded_element = ssm_state_exponents_loaded.read();
      ap_uint<36> word;
      word.range(31, 0) = ssm_state_loaded_element;
      word.range(35, 32) = ssm_state_exponents_loaded_element;
      state[load_layer][load] = word;
    }
  }
hold_ssm_state_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  hold_ssm_state_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    hold_ssm_state_give:
      for (int give = 0; give < 32; give++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<36> state_word = state[layer][give];
        ssm_state_old.write(ap_uint<32>(state_word.range(31, 0)));
        ssm_state_exponents_old.write(ap_uint<4>(state_word.range(35, 32)));
      }
    hold_ssm_state_take:
      for (int take = 0; take < 32; take++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<32> ssm_state_new_element = ssm_state_new.read();
        const ap_uint<4> ssm_state_exponents_new_element = ssm_state_exponents_new.read();
        ap_uint<36> word_2;
        word_2.range(31, 0) = ssm_state_new_element;
        word_2.range(35, 32) = ssm_state_exponents_new_element;
        state[layer][take] = word_2;
      }
    }
  }
hold_ssm_state_save_layer:
  for (int save_layer = 0; save_layer < 2; save_layer++) {
  hold_ssm_state_save:
    for (int save = 0; save < 32; save++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      const ap_uint<36> state_word_2 = state[save_layer][save];
      ssm_state_saved.write(ap_uint<32>(state_word_2.range(31, 0)));
      ssm_state_exponents_saved.write(ap_uint<4>(state_word_2.range(35, 32)));
    }
  }
}

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
    hls::stream<ap_uint<4>>& ssm_state_exponents_saved) {
#pragma HLS interface mode = axis port = conv_state_loaded
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = conv_state_old
#pragma HLS interface mode = axis port = conv_state_new
#pragma HLS interface mode = axis port = conv_state_saved
#pragma HLS interface mode = axis port = ssm_state_loaded
#pragma HLS interface mode = axis port = ssm_state_exponents_loaded
#pragma HLS interface mode = axis port = ssm_state_old
#pragma HLS interface mode = axis port = ssm_state_exponents_old
#pragma HLS interface mode = axis port = ssm_state_new
#pragma HLS interface mode = axis port = ssm_state_exponents_new
#pragma HLS interface mode = axis port = ssm_state_saved
#pragma HLS interface mode = axis port = ssm_state_exponents_saved
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  LMC_TASK(hold_conv_state, conv_state_loaded, n_tokens, conv_state_old, conv_state_new,
      conv_state_saved);
  LMC_TASK(hold_ssm_state, ssm_state_loaded, ssm_state_exponents_loaded, n_tokens, ssm_state_old,
      ssm_state_exponents_old, ssm_state_new, ssm_state_exponents_new, ssm_state_saved,
      ssm_state_exponents_saved);
  LMC_JOIN();
}
