// ap_int and ap_uint on native integers: the part of Xilinx's ap_int.h that emitted code uses, at
// the speed of plain C++. Leave this folder out of the include path and put Xilinx's in its place
// to compile the same sources with the original.
#ifndef LMC_AP_INT_H
#define LMC_AP_INT_H

#include "ap_narrow.h"
#include "ap_wide.h"

template <int W>
using ap_int = lmc::ap::integer<W, true>;

template <int W>
using ap_uint = lmc::ap::integer<W, false>;

namespace lmc::ap {

/// `high` above `low`, as one unsigned integer.
template <int W1, bool Signed1, int W2, bool Signed2>
constexpr integer<W1 + W2, false> join(const integer<W1, Signed1>& high,
                                       const integer<W2, Signed2>& low) {
  integer<W1 + W2, false> result = integer<W2, false>(low);
  result.range(W1 + W2 - 1, W2) = high;
  return result;
}

template <int W1, bool Signed1, int W2, bool Signed2>
constexpr integer<W1 + W2, false> operator,(const integer<W1, Signed1>& high,
                                            const integer<W2, Signed2>& low) {
  return join(high, low);
}

}  // namespace lmc::ap

#endif
