// The power that the card takes, where it has a sensor that XRT reads.
#ifndef LMC_HOST_POWER_H
#define LMC_HOST_POWER_H

#include <xrt/xrt_device.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <string>

class PowerMeter {
 public:
  PowerMeter() = default;
  explicit PowerMeter(const xrt::device &device) : device_(device), present_(watts() > 0) {}

  bool present() const { return present_; }

  void sample() {
    const double now = watts();
    if (now <= 0) return;
    sum_ += now;
    ++samples_;
  }

  // Sum and number of the samples since the last call.
  void take(double &sum, std::size_t &samples) {
    sum = sum_;
    samples = samples_;
    sum_ = 0;
    samples_ = 0;
  }

 private:
  // 0 where there is none. XRT describes the sensors as JSON, in which `power_consumption_watts` is a number in quotes.
  double watts() const {
#ifdef LMC_SIMULATED_XRT
    return 0;
#else
    try {
      const std::string key = "\"power_consumption_watts\"";
      const std::string text = device_.get_info<xrt::info::device::electrical>();
      std::size_t at = text.find(key);
      if (at == std::string::npos) return 0;
      at = text.find_first_not_of(" :\"\t\r\n", at + key.size());
      return at == std::string::npos ? 0 : std::strtod(text.c_str() + at, nullptr);
    } catch (const std::exception &) {
      return 0;  // what XRT does for a board without sensors
    }
#endif
  }

  xrt::device device_;
  bool present_ = false;
  double sum_ = 0;
  std::size_t samples_ = 0;
};

#endif
