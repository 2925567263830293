// The kernels of the design and the streams between them, for the C simulation.
#include "every_op.h"
#include "xrt_sim.h"

namespace streams {
static hls::stream<ap_uint<32>, 16> pairs_cut("pairs_cut");
}  // namespace streams

static const bool reader_registered = lmc::sim::register_kernel(
    "reader", 3, []([[maybe_unused]] const lmc::sim::args &launch) {
      reader(launch.scalar(0), static_cast<ap_uint<128> *>(launch.pointer(1)), streams::pairs_cut);
    });

static const bool compute_registered = lmc::sim::register_kernel(
    "compute", 3, []([[maybe_unused]] const lmc::sim::args &launch) {
      compute(launch.scalar(0), streams::pairs_cut, static_cast<ap_uint<64> *>(launch.pointer(2)));
    });
