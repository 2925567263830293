// A device for tests of the host program: it has the kernels of the design and computes nothing. The token after a step
// with logits counts up from 1 over all launches; the logits of the n-th such step are n, n + 1, ...
// A line for each launch goes to the file that HOST_DEVICE_LOG names: the scalars, then the prompt.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "design.h"
#include "xrt_sim.h"

namespace {

const design::Argument *find(const design::Kernel &kernel, design::Use use, int index) {
  for (const design::Argument &argument : kernel.arguments)
    if (argument.use == use && argument.index == index) return &argument;
  return nullptr;
}

std::uint32_t scalar(const design::Kernel &kernel, const lmc::sim::args &launch, design::Scalar which) {
  const design::Argument *found = find(kernel, design::Use::scalar, which);
  return found == nullptr ? 0 : static_cast<std::uint32_t>(launch.scalar(found->position));
}

void write_results(const design::Kernel &kernel, const lmc::sim::args &launch) {
  static std::uint32_t step = 0;
  const design::Argument *tokens = find(kernel, design::Use::bank, design::tokens_bank);
  const design::Argument *logits = find(kernel, design::Use::bank, design::logits_bank);
  if (tokens == nullptr || logits == nullptr) return;
  auto *ids = static_cast<std::uint32_t *>(launch.pointer(tokens->position));
  auto *values = static_cast<char *>(launch.pointer(logits->position));
  for (std::uint32_t i = 0; i < scalar(kernel, launch, design::n_logits); ++i) {
    ids[i] = ++step;
    for (std::uint32_t k = 0; k < design::vocabulary; ++k) {
      const std::uint32_t value = step + k;
      std::memcpy(values + i * design::logits_stride + 4 * k, &value, 4);
    }
  }
}

void log_launch(const design::Kernel &kernel, const lmc::sim::args &launch) {
  const design::Argument *prompt = find(kernel, design::Use::bank, design::prompt_bank);
  if (prompt == nullptr) return;
  std::ofstream log(std::getenv("HOST_DEVICE_LOG"), std::ios::app);
  const std::uint32_t count = scalar(kernel, launch, design::n_prompt);
  log << scalar(kernel, launch, design::n_tokens) << ' ' << count << ' '
      << scalar(kernel, launch, design::n_logits);
  const auto *ids = static_cast<const std::uint32_t *>(launch.pointer(prompt->position));
  for (std::uint32_t i = 0; i < count; ++i) log << ' ' << ids[i];
  log << '\n';
}

const bool registered = [] {
  for (const design::Kernel &kernel : design::kernels) {
    int count = 0;
    for (const design::Argument &argument : kernel.arguments)
      count = std::max(count, argument.position + 1);
    lmc::sim::register_kernel(kernel.name, count, [&kernel](const lmc::sim::args &launch) {
      log_launch(kernel, launch);
      write_results(kernel, launch);
    });
  }
  return true;
}();

}  // namespace
