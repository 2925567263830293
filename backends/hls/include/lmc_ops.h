// The two integer operations of emitted code that are more than one C++ operator.
// Amounts are unsigned: by a signed one ap_int shifts in both directions.
#ifndef LMC_OPS_H
#define LMC_OPS_H

#include "ap_int.h"

namespace lmc {

/// floor((x + 2**(amount - 1)) / 2**amount), or x for amount 0. The sum never overflows: the bit
/// below the cut is what rounding half up adds.
template <int W>
inline ap_int<W> round_shift(const ap_int<W>& x, unsigned amount) {
  if (amount == 0) return x;
  return ap_int<W>((x >> amount) + ((x >> (amount - 1)) & 1));
}

/// round_shift, then the nearest value of R signed bits.
template <int R, int W>
inline ap_int<R> round_shift_saturate(const ap_int<W>& x, unsigned amount) {
  const long long high = (1LL << (R - 1)) - 1;
  const ap_int<W> rounded = round_shift(x, amount);
  if (W > R && rounded > high) return high;
  if (W > R && rounded < -high - 1) return -high - 1;
  return rounded;
}

/// round_shift, then the nearest value of R unsigned bits.
template <int R, int W>
inline ap_uint<R> round_shift_saturate_unsigned(const ap_int<W>& x, unsigned amount) {
  const long long high = (1LL << (R - 1)) - 1 + (1LL << (R - 1));
  const ap_int<W> rounded = round_shift(x, amount);
  if (rounded < 0) return 0;
  if (W > R && rounded > high) return high;
  return rounded;
}

/// The number of bits of x: 0 for 0, else 1 + floor(log2(x)).
template <int W>
inline ap_uint<7> bit_length(const ap_uint<W>& x) {
  unsigned long long rest = x.to_uint64();
  int length = 0;
  for (int step = 32; step > 0; step /= 2) {
#pragma HLS unroll
    if ((rest >> step) != 0) {
      rest >>= step;
      length += step;
    }
  }
  return length + int(rest);
}

}  // namespace lmc

#endif
