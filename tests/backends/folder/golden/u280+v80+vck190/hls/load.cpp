// Kernel load.
#include "decode_step.h"

static void read_prompt(
    ap_uint<32> n_prompt,
    hls::burst_maxi<ap_uint<32>> prompt,
    hls::stream<ap_uint<32>>& prompt_ids) {
#pragma HLS inline off
  const int n_prompt_2 = int(n_prompt);
  if (n_prompt_2 > 0) {
    prompt.read_request(0, n_prompt_2);
  read_prompt_burst:
    for (int word = 0; word < n_prompt_2; word++) {
#pragma HLS pipeline II = 1
      prompt_ids.write(prompt.read());
    }
  }
}

static void choose_token(
    ap_uint<32> n_tokens,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& chosen_tokens,
    ap_uint<32> n_prompt,
    hls::stream<ap_uint<32>>& prompt_ids,
    hls::stream<ap_uint<32>>& token_ids) {
#pragma HLS inline off
  ap_uint<32> token;
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
  const int n_prompt_2 = int(n_prompt);
choose_token_token:
  for (int token_2 = 0; token_2 < n_tokens_2; token_2++) {
#pragma HLS pipeline off
    if (token_2 + n_logits_2 > n_tokens_2) {
      const ap_uint<32> chosen_tokens_element = chosen_tokens.read();
      token = chosen_tokens_element;
    }
    ap_uint<32> prompt_ids_element;
    if (token_2 < n_prompt_2) {
      prompt_ids_element = prompt_ids.read();
    } else {
      prompt_ids_element = token;
    }
    token_ids.write(prompt_ids_element);
  }
}

static void fetch_embedding(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& token_ids,
    hls::burst_maxi<ap_uint<512>> embedding,
    hls::stream<ap_uint<512>>& embedding_words) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
fetch_embedding_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
    const ap_uint<32> token_ids_element = token_ids.read();
    embedding.read_request((long long)(token_ids_element), 1);
    embedding_words.write(embedding.read());
  }
}

static void unpack_embedding(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<512>>& embedding_words,
    hls::stream<ap_uint<27>>& embedding_elements) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  ap_uint<512> word;
unpack_embedding_token:
  for (int token = 0; token < n_tokens_2; token++) {
  unpack_embedding_lane:
    for (int lane = 0; lane < 18; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> embedding_words_word;
      if (lane == 0) {
        embedding_words_word = embedding_words.read();
      } else {
        embedding_words_word = word;
      }
      ap_uint<512> word_2;
      word_2.range(484, 0) = ap_uint<485>(embedding_words_word.range(511, 27));
      word_2.range(511, 485) = ap_uint<27>(0);
      word = word_2;
      if (lane < 8) {
        embedding_elements.write(ap_uint<27>(embedding_words_word.range(26, 0)));
      }
    }
  }
}

static void read_conv_state(
    hls::burst_maxi<ap_uint<512>> conv_state_state,
    hls::stream<ap_uint<512>>& conv_state_loaded_words) {
#pragma HLS inline off
  conv_state_state.read_request(0, 8);
read_conv_state_burst:
  for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1
    conv_state_loaded_words.write(conv_state_state.read());
  }
}

static void unpack_conv_state(
    hls::stream<ap_uint<512>>& conv_state_loaded_words,
    hls::stream<ap_uint<96>>& conv_state_loaded) {
#pragma HLS inline off
  ap_uint<512> word;
unpack_conv_state_layer:
  for (int layer = 0; layer < 2; layer++) {
  unpack_conv_state_word:
    for (int word_2 = 0; word_2 < 4; word_2++) {
    unpack_conv_state_lane:
      for (int lane = 0; lane < 5; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        ap_uint<512> conv_state_loaded_words_word;
        if (lane == 0) {
          conv_state_loaded_words_word = conv_state_loaded_words.read();
        } else {
          conv_state_loaded_words_word = word;
        }
        ap_uint<512> word_3;
        word_3.range(415, 0) = ap_uint<416>(conv_state_loaded_words_word.range(511, 96));
        word_3.range(511, 416) = ap_uint<96>(0);
        word = word_3;
        if (word_2 * 5 + lane < 16) {
          conv_state_loaded.write(ap_uint<96>(conv_state_loaded_words_word.range(95, 0)));
        }
      }
    }
  }
}

static void read_ssm_state(
    hls::burst_maxi<ap_uint<512>> ssm_state_state,
    hls::stream<ap_uint<512>>& ssm_state_loaded_words) {
#pragma HLS inline off
  ssm_state_state.read_request(0, 4);
read_ssm_state_burst:
  for (int word = 0; word < 4; word++) {
#pragma HLS pipeline II = 1
    ssm_state_loaded_words.write(ssm_state_state.read());
  }
}

static void unpack_ssm_state(
    hls::stream<ap_uint<512>>& ssm_state_loaded_words,
    hls::stream<ap_uint<32>>& ssm_state_loaded) {
#pragma HLS inline off
  ap_uint<512> word;
unpack_ssm_state_layer:
  for (int layer = 0; layer < 2; layer++) {
  unpack_ssm_state_word:
    for (int word_2 = 0; word_2 < 2; word_2++) {
    unpack_ssm_state_lane:
      for (int lane = 0; lane < 16; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        ap_uint<512> ssm_state_loaded_words_word;
        if (lane == 0) {
          ssm_state_loaded_words_word = ssm_state_loaded_words.read();
        } else {
          ssm_state_loaded_words_word = word;
        }
        ap_uint<512> word_3;
        word_3.range(479, 0) = ap_uint<480>(ssm_state_loaded_words_word.range(511, 32));
        word_3.range(511, 480) = ap_uint<32>(0);
        word = word_3;
        ssm_state_loaded.write(ap_uint<32>(ssm_state_loaded_words_word.range(31, 0)));
      }
    }
  }
}

static void read_ssm_state_exponents(
    hls::burst_maxi<ap_uint<512>> ssm_state_exponents_state,
    hls::stream<ap_uint<512>>& ssm_state_exponents_loaded_words) {
#pragma HLS inline off
  ssm_state_exponents_state.read_request(0, 2);
read_ssm_state_exponents_burst:
  for (int word = 0; word < 2; word++) {
#pragma HLS pipeline II = 1
    ssm_state_exponents_loaded_words.write(ssm_state_exponents_state.read());
  }
}

static void unpack_ssm_state_exponents(
    hls::stream<ap_uint<512>>& ssm_state_exponents_loaded_words,
    hls::stream<ap_uint<4>>& ssm_state_exponents_loaded) {
#pragma HLS inline off
  ap_uint<512> word;
unpack_ssm_state_exponents_layer:
  for (int layer = 0; layer < 2; layer++) {
  unpack_ssm_state_exponents_lane:
    for (int lane = 0; lane < 128; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> ssm_state_exponents_loaded_words_word;
      if (lane == 0) {
        ssm_state_exponents_loaded_words_word = ssm_state_exponents_loaded_words.read();
      } else {
        ssm_state_exponents_loaded_words_word = word;
      }
      const ap_uint<508> ssm_state_exponents_loaded_words_element = ssm_state_exponents_loaded_words_word.range(511, 4);
      ap_uint<512> word_2;
      word_2.range(507, 0) = ssm_state_exponents_loaded_words_element;
      word_2.range(511, 508) = ap_uint<4>(0);
      word = word_2;
      const ap_uint<4> ssm_state_exponents_loaded_words_element_2 = ssm_state_exponents_loaded_words_word.range(3, 0);
      if (lane < 32) {
        ssm_state_exponents_loaded.write(ssm_state_exponents_loaded_words_element_2);
      }
    }
  }
}

static void read_parameters(
    ap_uint<32> n_tokens,
    hls::burst_maxi<ap_uint<512>> parameters,
    hls::stream<ap_uint<512>>& parameters_words) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
read_parameters_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
    parameters.read_request(0, 24);
  read_parameters_burst:
    for (int word = 0; word < 24; word++) {
#pragma HLS pipeline II = 1
      parameters_words.write(parameters.read());
    }
  }
}

//   writes conv_weight_parameters: 16 words of 8 x fixed<16, 13> for each layer
//   writes conv_bias_parameters: 16 words of 2 x fixed<27, 24> for each layer
//   writes dt_bias_parameters: 16 words of 2 x fixed<12, 9> for each layer
//   writes a_parameters: 32 words of 4 x fixed<16, 12> for each layer
//   writes d_parameters: 32 words of fixed<16, 13> for each layer
static void deal_parameters(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<512>>& parameters_words,
    hls::stream<ap_uint<128>>& conv_weight_parameters,
    hls::stream<ap_uint<54>>& conv_bias_parameters,
    hls::stream<ap_uint<24>>& dt_bias_parameters,
    hls::stream<ap_uint<64>>& a_parameters,
    hls::stream<ap_uint<16>>& d_parameters) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  ap_uint<512> word;
  ap_uint<512> word_2;
  ap_uint<512> word_3;
  ap_uint<512> word_4;
  ap_uint<512> word_5;
deal_parameters_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  deal_parameters_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    deal_parameters_word:
      for (int word_6 = 0; word_6 < 4; word_6++) {
      deal_parameters_lane:
        for (int lane = 0; lane < 4; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<512> parameters_words_word;
          if (lane == 0) {
            parameters_words_word = parameters_words.read();
          } else {
            parameters_words_word = word;
          }
          ap_uint<512> word_7;
          word_7.range(383, 0) = ap_uint<384>(parameters_words_word.range(511, 128));
          word_7.range(511, 384) = ap_uint<128>(0);
          word = word_7;
          conv_weight_parameters.write(ap_uint<128>(parameters_words_word.range(127, 0)));
        }
      }
    deal_parameters_word_2:
      for (int word_8 = 0; word_8 < 2; word_8++) {
      deal_parameters_lane_2:
        for (int lane_2 = 0; lane_2 < 9; lane_2++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<512> parameters_words_word_2;
          if (lane_2 == 0) {
            parameters_words_word_2 = parameters_words.read();
          } else {
            parameters_words_word_2 = word_2;
          }
          ap_uint<512> word_9;
          word_9.range(457, 0) = ap_uint<458>(parameters_words_word_2.range(511, 54));
          word_9.range(511, 458) = ap_uint<54>(0);
          word_2 = word_9;
          if (word_8 * 9 + lane_2 < 16) {
            conv_bias_parameters.write(ap_uint<54>(parameters_words_word_2.range(53, 0)));
          }
        }
      }
    deal_parameters_lane_3:
      for (int lane_3 = 0; lane_3 < 21; lane_3++) {
#pragma HLS pipeline II = 1 style = flp
        ap_uint<512> parameters_words_word_3;
        if (lane_3 == 0) {
          parameters_words_word_3 = parameters_words.read();
        } else {
          parameters_words_word_3 = word_3;
        }
        ap_uint<512> word_10;
        word_10.range(487, 0) = ap_uint<488>(parameters_words_word_3.range(511, 24));
        word_10.range(511, 488) = ap_uint<24>(0);
        word_3 = word_10;
        if (lane_3 < 16) {
          dt_bias_parameters.write(ap_uint<24>(parameters_words_word_3.range(23, 0)));
        }
      }
    deal_parameters_word_4:
      for (int word_11 = 0; word_11 < 4; word_11++) {
      deal_parameters_lane_4:
        for (int lane_4 = 0; lane_4 < 8; lane_4++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<512> parameters_words_word_4;
          if (lane_4 == 0) {
            parameters_words_word_4 = parameters_words.read();
          } else {
            parameters_words_word_4 = word_4;
          }
          ap_uint<512> word_12;
          word_12.range(447, 0) = ap_uint<448>(parameters_words_word_4.range(511, 64));
          word_12.range(511, 448) = ap_uint<64>(0);
          word_4 = word_12;
          a_parameters.write(ap_uint<64>(parameters_words_word_4.range(63, 0)));
        }
      }
    deal_parameters_lane_5:
      for (int lane_5 = 0; lane_5 < 32; lane_5++) {
#pragma HLS pipeline II = 1 style = flp
        ap_uint<512> parameters_words_word_5;
        if (lane_5 == 0) {
          parameters_words_word_5 = parameters_words.read();
        } else {
          parameters_words_word_5 = word_5;
        }
        ap_uint<512> word_13;
        word_13.range(495, 0) = ap_uint<496>(parameters_words_word_5.range(511, 16));
        word_13.range(511, 496) = ap_uint<16>(0);
        word_5 = word_13;
        d_parameters.write(ap_uint<16>(parameters_words_word_5.range(15, 0)));
      }
    }
  }
}

static void read_tables(
    hls::burst_maxi<ap_uint<512>> tables,
    hls::stream<ap_uint<512>>& tables_words) {
#pragma HLS inline off
  tables.read_request(0, 1024);
read_tables_burst:
  for (int word = 0; word < 1024; word++) {
#pragma HLS pipeline II = 1
    tables_words.write(tables.read());
  }
}

static void deal_tables(
    hls::stream<ap_uint<512>>& tables_words,
    hls::stream<ap_uint<32>>& rsqrt_normed_table,
    hls::stream<ap_uint<64>>& silu_x_table,
    hls::stream<ap_uint<64>>& softplus_dt_table,
    hls::stream<ap_uint<64>>& exp_decay_table,
    hls::stream<ap_uint<64>>& silu_gate_table,
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2) {
#pragma HLS inline off
  ap_uint<512> word;
  ap_uint<512> word_2;
  ap_uint<512> word_3;
  ap_uint<512> word_4;
  ap_uint<512> word_5;
  ap_uint<512> word_6;
deal_tables_word:
  for (int word_7 = 0; word_7 < 256; word_7++) {
  deal_tables_lane:
    for (int lane = 0; lane < 16; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word;
      if (lane == 0) {
        tables_words_word = tables_words.read();
      } else {
        tables_words_word = word;
      }
      ap_uint<512> word_8;
      word_8.range(479, 0) = ap_uint<480>(tables_words_word.range(511, 32));
      word_8.range(511, 480) = ap_uint<32>(0);
      word = word_8;
      rsqrt_normed_table.write(ap_uint<32>(tables_words_word.range(31, 0)));
    }
  }
deal_tables_word_2:
  for (int word_9 = 0; word_9 < 128; word_9++) {
  deal_tables_lane_2:
    for (int lane_2 = 0; lane_2 < 8; lane_2++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word_2;
      if (lane_2 == 0) {
        tables_words_word_2 = tables_words.read();
      } else {
        tables_words_word_2 = word_2;
      }
      ap_uint<512> word_10;
      word_10.range(447, 0) = ap_uint<448>(tables_words_word_2.range(511, 64));
      word_10.range(511, 448) = ap_uint<64>(0);
      word_2 = word_10;
      silu_x_table.write(ap_uint<64>(tables_words_word_2.range(63, 0)));
    }
  }
deal_tables_word_3:
  for (int word_11 = 0; word_11 < 128; word_11++) {
  deal_tables_lane_3:
    for (int lane_3 = 0; lane_3 < 8; lane_3++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word_3;
      if (lane_3 == 0) {
        tables_words_word_3 = tables_words.read();
      } else {
        tables_words_word_3 = word_3;
      }
      ap_uint<512> word_12;
      word_12.range(447, 0) = ap_uint<448>(tables_words_word_3.range(511, 64));
      word_12.range(511, 448) = ap_uint<64>(0);
      word_3 = word_12;
      softplus_dt_table.write(ap_uint<64>(tables_words_word_3.range(63, 0)));
    }
  }
deal_tables_word_4:
  for (int word_13 = 0; word_13 < 128; word_13++) {
  deal_tables_lane_4:
    for (int lane_4 = 0; lane_4 < 8; lane_4++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word_4;
      if (lane_4 == 0) {
        tables_words_word_4 = tables_words.read();
      } else {
        tables_words_word_4 = word_4;
      }
      ap_uint<512> word_14;
      word_14.range(447, 0) = ap_uint<448>(tables_words_word_4.range(511, 64));
      word_14.range(511, 448) = ap_uint<64>(0);
      word_4 = word_14;
      exp_decay_table.write(ap_uint<64>(tables_words_word_4.range(63, 0)));
    }
  }
deal_tables_word_5:
  for (int word_15 = 0; word_15 < 128; word_15++) {
  deal_tables_lane_5:
    for (int lane_5 = 0; lane_5 < 8; lane_5++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word_5;
      if (lane_5 == 0) {
        tables_words_word_5 = tables_words.read();
      } else {
        tables_words_word_5 = word_5;
      }
      ap_uint<512> word_16;
      word_16.range(447, 0) = ap_uint<448>(tables_words_word_5.range(511, 64));
      word_16.range(511, 448) = ap_uint<64>(0);
      word_5 = word_16;
      silu_gate_table.write(ap_uint<64>(tables_words_word_5.range(63, 0)));
    }
  }
deal_tables_word_6:
  for (int word_17 = 0; word_17 < 256; word_17++) {
  deal_tables_lane_6:
    for (int lane_6 = 0; lane_6 < 16; lane_6++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
      ap_uint<512> tables_words_word_6;
      if (lane_6 == 0) {
        tables_words_word_6 = tables_words.read();
      } else {
        tables_words_word_6 = word_6;
      }
      ap_uint<512> word_18;
      word_18.range(479, 0) = ap_uint<480>(tables_words_word_6.range(511, 32));
      word_18.range(511, 480) = ap_uint<32>(0);
      word_6 = word_18;
      rsqrt_normed_table_2.write(ap_uint<32>(tables_words_word_6.range(31, 0)));
    }
  }
}

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
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2) {
#pragma HLS interface mode = s_axilite port = n_prompt
#pragma HLS interface mode = m_axi port = prompt offset = slave bundle = gmem_prompt depth = 65536 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = prompt
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = s_axilite port = n_logits
#pragma HLS interface mode = axis port = chosen_tokens
#pragma HLS interface mode = m_axi port = embedding offset = slave bundle = gmem_embedding depth = 16 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = embedding
#pragma HLS interface mode = axis port = embedding_elements
#pragma HLS interface mode = m_axi port = conv_state_state offset = slave bundle = gmem_conv_state_state depth = 8 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = conv_state_state
#pragma HLS interface mode = axis port = conv_state_loaded
#pragma HLS interface mode = m_axi port = ssm_state_state offset = slave bundle = gmem_ssm_state_state depth = 4 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = ssm_state_state
#pragma HLS interface mode = axis port = ssm_state_loaded
#pragma HLS interface mode = m_axi port = ssm_state_exponents_state offset = slave bundle = gmem_ssm_state_exponents_state depth = 2 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = ssm_state_exponents_state
#pragma HLS interface mode = axis port = ssm_state_exponents_loaded
#pragma HLS interface mode = m_axi port = parameters offset = slave bundle = gmem_parameters depth = 24 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = parameters
#pragma HLS interface mode = axis port = conv_weight_parameters
#pragma HLS interface mode = axis port = conv_bias_parameters
#pragma HLS interface mode = axis port = dt_bias_parameters
#pragma HLS interface mode = axis port = a_parameters
#pragma HLS interface mode = axis port = d_parameters
#pragma HLS interface mode = m_axi port = tables offset = slave bundle = gmem_tables depth = 1024 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = tables
#pragma HLS interface mode = axis port = rsqrt_normed_table
#pragma HLS interface mode = axis port = silu_x_table
#pragma HLS interface mode = axis port = softplus_dt_table
#pragma HLS interface mode = axis port = exp_decay_table
#pragma HLS interface mode = axis port = silu_gate_table
#pragma HLS interface mode = axis port = rsqrt_normed_table_2
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<32>, 16> prompt_ids("prompt_ids");
#pragma HLS bind_storage variable = prompt_ids type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> token_ids("token_ids");
#pragma HLS bind_storage variable = token_ids type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> embedding_words("embedding_words");
#pragma HLS bind_storage variable = embedding_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> conv_state_loaded_words("conv_state_loaded_words");
#pragma HLS bind_storage variable = conv_state_loaded_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> ssm_state_loaded_words("ssm_state_loaded_words");
#pragma HLS bind_storage variable = ssm_state_loaded_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> ssm_state_exponents_loaded_words("ssm_state_exponents_loaded_words");
#pragma HLS bind_storage variable = ssm_state_exponents_loaded_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 60> parameters_words("parameters_words");
#pragma HLS bind_storage variable = parameters_words type = fifo impl = srl
  hls::stream<ap_uint<512>, 32> tables_words("tables_words");
#pragma HLS bind_storage variable = tables_words type = fifo impl = srl
  LMC_TASK(read_prompt, n_prompt, prompt, prompt_ids);
  LMC_TASK(choose_token, n_tokens, n_logits, chosen_tokens, n_prompt, prompt_ids, token_ids);
  LMC_TASK(fetch_embedding, n_tokens, token_ids, embedding, embedding_words);
  LMC_TASK(unpack_embedding, n_tokens, embedding_words, embedding_elements);
  LMC_TASK(read_conv_state, conv_state_state, conv_state_loaded_words);
  LMC_TASK(unpack_conv_state, conv_state_loaded_words, conv_state_loaded);
  LMC_TASK(read_ssm_state, ssm_state_state, ssm_state_loaded_words);
  LMC_TASK(unpack_ssm_state, ssm_state_loaded_words, ssm_state_loaded);
  LMC_TASK(read_ssm_state_exponents, ssm_state_exponents_state, ssm_state_exponents_loaded_words);
  LMC_TASK(unpack_ssm_state_exponents, ssm_state_exponents_loaded_words,
      ssm_state_exponents_loaded);
  LMC_TASK(read_parameters, n_tokens, parameters, parameters_words);
  LMC_TASK(deal_parameters, n_tokens, parameters_words, conv_weight_parameters,
      conv_bias_parameters, dt_bias_parameters, a_parameters, d_parameters);
  LMC_TASK(read_tables, tables, tables_words);
  LMC_TASK(deal_tables, tables_words, rsqrt_normed_table, silu_x_table, softplus_dt_table,
      exp_decay_table, silu_gate_table, rsqrt_normed_table_2);
  LMC_JOIN();
}
