// The kernels of the design and the streams between them.
#include <xrt_sim.h>

#include "kernels.h"

namespace {

hls::stream<lanes, 1> state("state");
hls::stream<ap_int<32>, 2> sums("sums");

const bool matrix_registered =
    lmc::sim::register_kernel("matrix", 5, [](const lmc::sim::args& a) {
      matrix((const word512*)a.pointer(0), state, sums, int(a.scalar(3)), int(a.scalar(4)));
    });
const bool vector_registered =
    lmc::sim::register_kernel("vector_unit", 5, [](const lmc::sim::args& a) {
      vector_unit((const lanes*)a.pointer(0), (lanes*)a.pointer(1), state, sums, int(a.scalar(4)));
    });

}  // namespace
