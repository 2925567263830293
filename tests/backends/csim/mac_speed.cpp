// Prints how many int4 x int8 products a second a matrix-vector kernel on 512-bit words makes.
#include <ap_int.h>
#include <hls_stream.h>
#include <lmc_task.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

typedef ap_uint<512> weight_word;  // 128 weights
typedef ap_uint<256> input_word;   // 32 inputs

static void load_weights(const weight_word* memory, hls::stream<weight_word>& out, int count) {
  for (int i = 0; i < count; ++i) out.write(memory[i]);
}

static void load_inputs(const input_word* memory, hls::stream<input_word>& out, int rows,
                        int count) {
  for (int row = 0; row < rows; ++row)
    for (int i = 0; i < count; ++i) out.write(memory[i]);
}

static void multiply(hls::stream<weight_word>& weights, hls::stream<input_word>& inputs,
                     hls::stream<ap_int<32> >& sums, int rows, int count) {
  for (int row = 0; row < rows; ++row) {
    ap_int<32> sum = 0;
    for (int k = 0; k < count; ++k) {
      const weight_word w = weights.read();
      for (int quarter = 0; quarter < 4; ++quarter) {
        const input_word x = inputs.read();
        for (int i = 0; i < 32; ++i) {
#pragma HLS unroll
          const int at = 128 * quarter + 4 * i;
          const ap_int<4> weight = ap_int<4>(w.range(at + 3, at));
          const ap_int<8> input = ap_int<8>(x.range(8 * i + 7, 8 * i));
          const ap_int<12> product = ap_int<12>(weight * input);
          sum = ap_int<32>(sum + product);
        }
      }
    }
    sums.write(sum);
  }
}

static void store(hls::stream<ap_int<32> >& sums, ap_int<32>* memory, int rows) {
  for (int row = 0; row < rows; ++row) memory[row] = sums.read();
}

static void matvec(const weight_word* weights, const input_word* inputs, ap_int<32>* out, int rows,
                   int count) {
#pragma HLS dataflow
  hls::stream<weight_word, 2> w("w");
  hls::stream<input_word, 2> x("x");
  hls::stream<ap_int<32>, 2> y("y");
  LMC_TASK(load_weights, weights, w, rows * count);
  LMC_TASK(load_inputs, inputs, x, rows, 4 * count);
  LMC_TASK(multiply, w, x, y, rows, count);
  LMC_TASK(store, y, out, rows);
  LMC_JOIN();
}

int main() {
  const int rows = 768, count = 6, launches = 100;
  std::vector<uint64_t> bits(size_t(rows) * count * 8);
  uint64_t state = 1;
  for (uint64_t& x : bits) x = state = state * 6364136223846793005u + 1442695040888963407u;
  const auto* weights = reinterpret_cast<const weight_word*>(bits.data());
  const auto* inputs = reinterpret_cast<const input_word*>(bits.data());
  std::vector<ap_int<32> > out(rows);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < launches; ++i) matvec(weights, inputs, out.data(), rows, count);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  const auto* w = reinterpret_cast<const uint8_t*>(bits.data());
  const auto* x = reinterpret_cast<const int8_t*>(bits.data());
  int wrong = 0;
  for (int row = 0; row < rows; ++row) {
    int sum = 0;
    for (int i = 0; i < 128 * count; ++i) {
      const int nibble = w[row * 64 * count + i / 2] >> (i % 2 * 4) & 15;
      sum += (nibble ^ 8) * x[i] - 8 * x[i];
    }
    wrong += sum != out[row].to_int();
  }
  const double products = double(launches) * rows * count * 128;
  std::printf("%d wrong; %.0f million MAC/s\n", wrong, products / seconds.count() / 1e6);
}
