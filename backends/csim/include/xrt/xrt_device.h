// xrt::device of the simulation, by the path XRT has it at.
#ifndef LMC_XRT_DEVICE_H
#define LMC_XRT_DEVICE_H

#include <string>

#include "xrt_uuid.h"

/// Says that this is no XRT: the design is linked into the program, and there is no xclbin.
#define LMC_SIMULATED_XRT 1

namespace xrt {

/// The simulated device; all objects are the same one.
class device {
 public:
  device() = default;
  explicit device(unsigned) {}
  explicit device(const std::string&) {}

  /// The design is linked into the program, so the file is not read and need not exist.
  uuid load_xclbin(const std::string&) { return {}; }
};

}  // namespace xrt

#endif
