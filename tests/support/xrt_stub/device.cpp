// The simulated device as a library, for the stand-in of pyxrt: one run of each kernel, by its name.
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <string>

#include "xrt_sim.h"

namespace {

constexpr int completed = 4, failed = 5;  // states of XRT's ert.h
std::map<std::string, lmc::sim::args> runs;

lmc::sim::args &run_of(const char *kernel) {
  const auto made = runs.find(kernel);
  if (made != runs.end()) return made->second;
  return runs.emplace(kernel, lmc::sim::args(kernel, lmc::sim::find_kernel(kernel).arg_count)).first->second;
}

}  // namespace

extern "C" int argument_count(const char *kernel) {
  const auto found = lmc::sim::kernels.find(kernel);
  return found == lmc::sim::kernels.end() ? -1 : found->second.arg_count;
}

extern "C" void set_buffer(const char *kernel, int position, void *memory) {
  run_of(kernel).set(position, memory);
}

extern "C" void set_scalar(const char *kernel, int position, std::int64_t value) {
  run_of(kernel).set(position, value);
}

extern "C" void start(const char *kernel) { lmc::sim::start_kernel(kernel, run_of(kernel)); }

// Runs all started kernels to their end.
extern "C" int wait() {
  try {
    lmc::sim::run_started_kernels();
    return completed;
  } catch (const std::exception &error) {
    std::cerr << error.what() << std::endl;
    return failed;
  }
}
