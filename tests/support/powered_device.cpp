// Takes the place of two functions of XRT: a device that takes 23.5 W, and runs that last two waits and a bit.
#include <xrt/xrt_device.h>
#include <xrt/xrt_kernel.h>

#include <any>
#include <string>

namespace xrt {

std::any device::get_info_std(info::device, const detail::abi &) const {
  return std::string(
      "{\n  \"power_consumption_max_watts\": \"75\",\n  \"power_consumption_watts\": \"23.5\",\n"
      "  \"power_consumption_warning\": \"false\"\n}\n");
}

ert_cmd_state run::wait(const std::chrono::milliseconds &) const {
  static int waits = 0;
  return ++waits % 3 == 0 ? ERT_CMD_STATE_COMPLETED : ERT_CMD_STATE_TIMEOUT;
}

}  // namespace xrt
