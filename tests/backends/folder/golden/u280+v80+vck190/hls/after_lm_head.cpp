// Kernel after_lm_head.
#include "decode_step.h"

//   reads logits_2: 8 words of 2 x fixed<32, 27> for each token
//   writes logits_kept: 8 words of 2 x fixed<32, 27> for each token
//   writes logits_judged: 8 words of 2 x fixed<32, 27> for each token
static void fork_logits(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_2,
    hls::stream<ap_uint<64>>& logits_kept,
    hls::stream<ap_uint<64>>& logits_judged) {
#pragma HLS inline off
  const int n_logits_2 = int(n_logits);
fork_logits_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
  fork_logits_word:
    for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
      const ap_uint<64> element = logits_2.read();
      logits_kept.write(element);
      logits_judged.write(element);
    }
  }
}

//   reads logits_judged: 8 words of 2 x fixed<32, 27> for each token
static void choose_greedily(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_judged,
    hls::stream<ap_uint<32>>& tokens_2,
    hls::stream<ap_uint<32>>& chosen_tokens) {
#pragma HLS inline off
  ap_int<32> best;
  ap_uint<32> best_id;
  const int n_logits_2 = int(n_logits);
choose_greedily_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
  choose_greedily_word:
    for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1 style = flp
      const ap_uint<64> logits_judged_word = logits_judged.read();
      ap_int<32> chosen = ap_int<32>(logits_judged_word.range(31, 0));
      ap_uint<1> chosen_2 = 0;
    choose_greedily_lane:
      for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
        const ap_int<32> logits_judged_element = logits_judged_word.range(lane * 32 + 31, lane * 32);
        const bool condition = logits_judged_element > chosen;
        const ap_int<32> next_chosen = condition ? logits_judged_element : chosen;
        const ap_uint<1> next_chosen_2 = condition ? ap_uint<1>(lane) : chosen_2;
        chosen = next_chosen;
        chosen_2 = next_chosen_2;
      }
      const ap_int<32> best_now = best;
      const bool condition_2 = word == 0 || chosen > best_now;
      const ap_int<32> best_now_2 = best;
      best = condition_2 ? chosen : best_now_2;
      const ap_uint<32> best_id_now = best_id;
      const ap_uint<32> chosen_3 = condition_2 ? ap_uint<32>((word * 2 + int(chosen_2))) : best_id_now;
      best_id = chosen_3;
    }
    const ap_uint<32> best_id_now_2 = best_id;
    tokens_2.write(best_id_now_2);
    if (token + 1 < n_logits_2) {
      chosen_tokens.write(best_id_now_2);
    }
  }
}

extern "C" void after_lm_head(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_2,
    hls::stream<ap_uint<64>>& logits_kept,
    hls::stream<ap_uint<32>>& tokens_2,
    hls::stream<ap_uint<32>>& chosen_tokens) {
#pragma HLS interface mode = s_axilite port = n_logits
#pragma HLS interface mode = axis port = logits_2
#pragma HLS interface mode = axis port = logits_kept
#pragma HLS interface mode = axis port = tokens_2
#pragma HLS interface mode = axis port = chosen_tokens
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<64>, 16> logits_judged("logits_judged");
#pragma HLS bind_storage variable = logits_judged type = fifo impl = srl
  LMC_TASK(fork_logits, n_logits, logits_2, logits_kept, logits_judged);
  LMC_TASK(choose_greedily, n_logits, logits_judged, tokens_2, chosen_tokens);
  LMC_JOIN();
}
