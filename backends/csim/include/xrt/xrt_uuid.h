// xrt::uuid of the simulated device, by the path XRT has it at.
#ifndef LMC_XRT_UUID_H
#define LMC_XRT_UUID_H

namespace xrt {

/// Names a loaded design; the simulation has the one it is linked with.
class uuid {};

}  // namespace xrt

#endif
