// Kernel store.
#include "decode_step.h"

static void pack_conv_state(
    hls::stream<ap_uint<96>>& conv_state_saved,
    hls::stream<ap_uint<512>>& conv_state_saved_words) {
#pragma HLS inline off
  ap_uint<512> word;
pack_conv_state_layer:
  for (int layer = 0; layer < 2; layer++) {
  pack_conv_state_word:
    for (int word_2 = 0; word_2 < 4; word_2++) {
    pack_conv_state_lane:
      for (int lane = 0; lane < 5; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        ap_uint<96> conv_state_saved_word;
        if (word_2 * 5 + lane < 16) {
          conv_state_saved_word = conv_state_saved.read();
        } else {
          conv_state_saved_word = 0;
        }
        const ap_uint<512> word_now = word;
        ap_uint<512> conv_state_saved_words_word;
        conv_state_saved_words_word.range(383, 0) = ap_uint<384>(word_now.range(479, 96));
        conv_state_saved_words_word.range(479, 384) = conv_state_saved_word;
        conv_state_saved_words_word.range(511, 480) = ap_uint<32>(0);
        word = conv_state_saved_words_word;
        if (lane == 4) {
          conv_state_saved_words.write(conv_state_saved_words_word);
        }
      }
    }
  }
}

static void write_conv_state(
    hls::stream<ap_uint<512>>& conv_state_saved_words,
    hls::burst_maxi<ap_uint<512>> conv_state_state) {
#pragma HLS inline off
  conv_state_state.write_request(0, 8);
write_conv_state_burst:
  for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1
    conv_state_state.write(conv_state_saved_words.read());
  }
  conv_state_state.write_response();
}

static void pack_ssm_state(
    hls::stream<ap_uint<32>>& ssm_state_saved,
    hls::stream<ap_uint<512>>& ssm_state_saved_words) {
#pragma HLS inline off
  ap_uint<512> word;
pack_ssm_state_layer:
  for (int layer = 0; layer < 2; layer++) {
  pack_ssm_state_word:
    for (int word_2 = 0; word_2 < 2; word_2++) {
    pack_ssm_state_lane:
      for (int lane = 0; lane < 16; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        const ap_uint<32> ssm_state_saved_element = ssm_state_saved.read();
        const ap_uint<512> word_now = word;
        ap_uint<512> ssm_state_saved_words_word;
        ssm_state_saved_words_word.range(479, 0) = ap_uint<480>(word_now.range(511, 32));
        ssm_state_saved_words_word.range(511, 480) = ssm_state_saved_element;
        word = ssm_state_saved_words_word;
        if (lane == 15) {
          ssm_state_saved_words.write(ssm_state_saved_words_word);
        }
      }
    }
  }
}

static void write_ssm_state(
    hls::stream<ap_uint<512>>& ssm_state_saved_words,
    hls::burst_maxi<ap_uint<512>> ssm_state_state) {
#pragma HLS inline off
  ssm_state_state.write_request(0, 4);
write_ssm_state_burst:
  for (int word = 0; word < 4; word++) {
#pragma HLS pipeline II = 1
    ssm_state_state.write(ssm_state_saved_words.read());
  }
  ssm_state_state.write_response();
}

static void pack_ssm_state_exponents(
    hls::stream<ap_uint<4>>& ssm_state_exponents_saved,
    hls::stream<ap_uint<512>>& ssm_state_exponents_saved_words) {
#pragma HLS inline off
  ap_uint<512> word;
pack_ssm_state_exponents_layer:
  for (int layer = 0; layer < 2; layer++) {
  pack_ssm_state_exponents_lane:
    for (int lane = 0; lane < 128; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<4> ssm_state_exponents_saved_element;
      if (lane < 32) {
        ssm_state_exponents_saved_element = ssm_state_exponents_saved.read();
      } else {
        ssm_state_exponents_saved_element = 0;
      }
      const ap_uint<512> word_now = word;
      ap_uint<512> ssm_state_exponents_saved_words_word;
      ssm_state_exponents_saved_words_word.range(507, 0) = ap_uint<508>(word_now.range(511, 4));
      ssm_state_exponents_saved_words_word.range(511, 508) = ssm_state_exponents_saved_element;
      word = ssm_state_exponents_saved_words_word;
      if (lane == 127) {
        ssm_state_exponents_saved_words.write(ssm_state_exponents_saved_words_word);
      }
    }
  }
}

static void write_ssm_state_exponents(
    hls::stream<ap_uint<512>>& ssm_state_exponents_saved_words,
    hls::burst_maxi<ap_uint<512>> ssm_state_exponents_state) {
#pragma HLS inline off
  ssm_state_exponents_state.write_request(0, 2);
write_ssm_state_exponents_burst:
  for (int word = 0; word < 2; word++) {
#pragma HLS pipeline II = 1
    ssm_state_exponents_state.write(ssm_state_exponents_saved_words.read());
  }
  ssm_state_exponents_state.write_response();
}

//   reads logits_kept: 8 words of 2 x fixed<32, 27> for each token
static void pack_logits(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_kept,
    hls::stream<ap_uint<512>>& logits_words) {
#pragma HLS inline off
  ap_uint<512> word;
  const int n_logits_2 = int(n_logits);
pack_logits_token:
  for (int token = 0; token < n_logits_2; token++) {
  pack_logits_lane:
    for (int lane = 0; lane < 8; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      const ap_uint<64> logits_kept_word = logits_kept.read();
      const ap_uint<512> word_now = word;
      ap_uint<512> logits_words_word;
      logits_words_word.range(447, 0) = ap_uint<448>(word_now.range(511, 64));
      logits_words_word.range(511, 448) = logits_kept_word;
      word = logits_words_word;
      if (lane == 7) {
        logits_words.write(logits_words_word);
      }
    }
  }
}

static void write_logits(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<512>>& logits_words,
    hls::burst_maxi<ap_uint<512>> logits) {
#pragma HLS inline off
  const int n_logits_2 = int(n_logits);
write_logits_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
    logits.write_request(token, 1);
    logits.write(logits_words.read());
    logits.write_response();
  }
}

static void write_tokens(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& tokens_2,
    hls::burst_maxi<ap_uint<32>> tokens) {
#pragma HLS inline off
  const int n_logits_2 = int(n_logits);
write_tokens_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
    tokens.write_request(token, 1);
    tokens.write(tokens_2.read());
    tokens.write_response();
  }
}

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
    hls::burst_maxi<ap_uint<32>> tokens) {
#pragma HLS interface mode = axis port = conv_state_saved
#pragma HLS interface mode = m_axi port = conv_state_state offset = slave bundle = gmem_conv_state_state depth = 8 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = conv_state_state
#pragma HLS interface mode = axis port = ssm_state_saved
#pragma HLS interface mode = m_axi port = ssm_state_state offset = slave bundle = gmem_ssm_state_state depth = 4 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = ssm_state_state
#pragma HLS interface mode = axis port = ssm_state_exponents_saved
#pragma HLS interface mode = m_axi port = ssm_state_exponents_state offset = slave bundle = gmem_ssm_state_exponents_state depth = 2 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = ssm_state_exponents_state
#pragma HLS interface mode = s_axilite port = n_logits
#pragma HLS interface mode = axis port = logits_kept
#pragma HLS interface mode = m_axi port = logits offset = slave bundle = gmem_logits depth = 2 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = logits
#pragma HLS interface mode = axis port = tokens_2
#pragma HLS interface mode = m_axi port = tokens offset = slave bundle = gmem_tokens depth = 65536 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = tokens
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<512>, 16> conv_state_saved_words("conv_state_saved_words");
#pragma HLS bind_storage variable = conv_state_saved_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> ssm_state_saved_words("ssm_state_saved_words");
#pragma HLS bind_storage variable = ssm_state_saved_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> ssm_state_exponents_saved_words("ssm_state_exponents_saved_words");
#pragma HLS bind_storage variable = ssm_state_exponents_saved_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> logits_words("logits_words");
#pragma HLS bind_storage variable = logits_words type = fifo impl = srl
  LMC_TASK(pack_conv_state, conv_state_saved, conv_state_saved_words);
  LMC_TASK(write_conv_state, conv_state_saved_words, conv_state_state);
  LMC_TASK(pack_ssm_state, ssm_state_saved, ssm_state_saved_words);
  LMC_TASK(write_ssm_state, ssm_state_saved_words, ssm_state_state);
  LMC_TASK(pack_ssm_state_exponents, ssm_state_exponents_saved, ssm_state_exponents_saved_words);
  LMC_TASK(write_ssm_state_exponents, ssm_state_exponents_saved_words, ssm_state_exponents_state);
  LMC_TASK(pack_logits, n_logits, logits_kept, logits_words);
  LMC_TASK(write_logits, n_logits, logits_words, logits);
  LMC_TASK(write_tokens, n_logits, tokens_2, tokens);
  LMC_JOIN();
}
