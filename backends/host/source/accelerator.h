// The design on a device: its kernels, buffers and launches.
#ifndef LMC_HOST_ACCELERATOR_H
#define LMC_HOST_ACCELERATOR_H

#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_kernel.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "design.h"
#include "errors.h"
#include "files.h"
#include "power.h"
#include "waiting.h"
// The C simulation has the kernels in the program, and no xclbin.
#ifndef LMC_SIMULATED_XRT
#include "xclbin_check.h"
#endif

// What a launch does, see docs/generated-design.md of lmc.
struct Launch {
  std::size_t steps, prompt, logits;
};

class Accelerator {
 public:
  // `most` is what buffers have room for. Failure where device, xclbin and images are not of this design.
  Accelerator(const std::string &xclbin, const std::string &weights, const Launch &most,
              std::chrono::seconds timeout)
      : timeout_(timeout) {
    const Images images(weights);
    load(xclbin);
    meter_ = PowerMeter(device_);
    for (const design::Kernel &kernel : design::kernels)
      trying(std::string("use kernel ") + kernel.name, [&] {
        kernels_.emplace_back(device_, uuid_, kernel.name);
        runs_.emplace_back(kernels_.back());
      });
    for (std::size_t bank = 0; bank < design::banks.size(); ++bank) allocate(bank, images, most);
    for (std::size_t k = 0; k < runs_.size(); ++k)
      for (const design::Argument &argument : design::kernels[k].arguments)
        if (argument.use == design::Use::bank)
          set_argument(k, argument, buffers_[argument.index]);
  }

  // Runs the prompt's `launch.prompt` ids and what comes after them.
  void run(const std::uint32_t *prompt, const Launch &launch) {
    xrt::bo &ids = buffers_[design::prompt_bank];
    const std::size_t bytes = launch.prompt * sizeof(std::uint32_t);
    std::memcpy(ids.map<char *>(), prompt, bytes);
    trying("copy the prompt to the device", [&] {
      ids.sync(XCL_BO_SYNC_BO_TO_DEVICE, transfer(ids, bytes), 0);
    });
    std::uint32_t scalars[design::scalar_count];
    scalars[design::n_tokens] = static_cast<std::uint32_t>(launch.steps);
    scalars[design::n_prompt] = static_cast<std::uint32_t>(launch.prompt);
    scalars[design::n_logits] = static_cast<std::uint32_t>(launch.logits);
    for (std::size_t k = 0; k < runs_.size(); ++k)
      for (const design::Argument &argument : design::kernels[k].arguments)
        if (argument.use == design::Use::scalar) set_argument(k, argument, scalars[argument.index]);
    for (std::size_t k = 0; k < runs_.size(); ++k)
      trying(std::string("start kernel ") + design::kernels[k].name, [&] { runs_[k].start(); });
    wait(launch);
  }

  // The last `chosen` tokens of a launch with `logits` steps with logits: it chooses one after each of them.
  std::vector<std::uint32_t> tokens(std::size_t logits, std::size_t chosen) {
    if (chosen == 0) return {};
    const auto *all = reinterpret_cast<const std::uint32_t *>(
        read(design::tokens_bank, logits * sizeof(std::uint32_t)));
    return {all + logits - chosen, all + logits};
  }

  // The logits of the first `count` steps that have any in the last launch, `design::logits_stride` bytes apart.
  const char *logits(std::size_t count) {
    return read(design::logits_bank, count * design::logits_stride);
  }

  // All of a bank as the last launch has left it.
  const char *contents(int bank) { return read(bank, buffers_[bank].size()); }

  // Samples the power of the device while launches last.
  PowerMeter &meter() { return meter_; }

 private:
  void load(const std::string &path) {
#ifndef LMC_SIMULATED_XRT
    check_whole(path);
    const xrt::xclbin xclbin = trying("read the xclbin " + path, [&] { return xrt::xclbin(path); });
    trying("read the metadata of " + path, [&] { XclbinCheck(xclbin, path).run(); });
#endif
    device_ = trying("open the device", [] { return xrt::device(0); });
    uuid_ = trying("load the xclbin " + path, [&] { return device_.load_xclbin(path); });
  }

  void allocate(std::size_t index, const Images &images, const Launch &most) {
    const design::Bank &bank = design::banks[index];
    std::size_t bytes = bank.bytes;
    if (bank.unit == design::Bank::prompt_token) bytes *= most.prompt;
    if (bank.unit == design::Bank::logits_token) bytes *= most.logits;
    const std::string what = std::string("buffer ") + bank.name + " of " + std::to_string(bytes) + " bytes";
    buffers_.push_back(trying("allocate " + what, [&] {
      return xrt::bo(device_, bytes, group_of(static_cast<int>(index)));
    }));
    char *data = trying("map " + what, [&] { return buffers_[index].map<char *>(); });
    if (bank.has_image) {
      images.read(bank.name, data, bytes);
    } else {
      std::memset(data, 0, bytes);  // states begin as zero
    }
    trying("copy " + what, [&] { buffers_[index].sync(XCL_BO_SYNC_BO_TO_DEVICE); });
  }

  int group_of(int bank) {
    for (std::size_t k = 0; k < kernels_.size(); ++k)
      for (const design::Argument &argument : design::kernels[k].arguments)
        if (argument.use == design::Use::bank && argument.index == bank)
          return kernels_[k].group_id(argument.position);
    throw Failure("no kernel uses it");
  }

  template <class Value>
  void set_argument(std::size_t kernel, const design::Argument &argument, const Value &value) {
    trying("set argument " + std::string(argument.name) + " of kernel " + design::kernels[kernel].name,
           [&] { runs_[kernel].set_arg(argument.position, value); });
  }

  const char *read(int bank, std::size_t bytes) {
    xrt::bo &buffer = buffers_[bank];
    if (bytes > 0)
      trying("copy results from the device",
             [&] { buffer.sync(XCL_BO_SYNC_BO_FROM_DEVICE, transfer(buffer, bytes), 0); });
    return buffer.map<const char *>();
  }

  // How much to copy for the first `bytes` of a buffer: whole pages, or all of it.
  static std::size_t transfer(const xrt::bo &buffer, std::size_t bytes) {
    constexpr std::size_t page = 4096;
    return std::min(buffer.size(), (bytes + page - 1) / page * page);
  }

  // Waits for all kernels; if one fails or does not end in time, names it and ends the program.
  void wait(const Launch &launch) {
    const auto end = std::chrono::steady_clock::now() + timeout_;
    std::string running, failed;
    std::set<std::string> still;
    for (std::size_t k = 0; k < runs_.size(); ++k) {
      const std::string name = design::kernels[k].name;
      const ert_cmd_state state = trying("wait for kernel " + name, [&] { return wait_for(k, end); });
      if (state == ERT_CMD_STATE_COMPLETED) continue;
      if (state == ERT_CMD_STATE_TIMEOUT) still.insert(name);
      std::string &list = state == ERT_CMD_STATE_TIMEOUT ? running : failed;
      list += (list.empty() ? "" : ", ") + name;
      if (state != ERT_CMD_STATE_TIMEOUT) list += " (state " + std::to_string(state) + " of XRT)";
    }
    if (running.empty() && failed.empty()) return;
    std::string text = "a launch of " + std::to_string(launch.steps) + " steps";
    if (!failed.empty()) text += " failed in kernel " + failed;
    if (!running.empty())
      text += std::string(failed.empty() ? "" : "; it") + " did not end in " +
              std::to_string(timeout_.count()) + " s, these kernels still run: " + running +
              waiting_streams(still);
    std::fflush(stdout);
    std::fprintf(stderr, "host: %s\n", text.c_str());
    std::_Exit(1);  // XRT's destructors would wait for the kernels
  }

  // The state of a kernel when it has ended, or at `end` where there is a timeout.
  ert_cmd_state wait_for(std::size_t kernel, std::chrono::steady_clock::time_point end) {
    using std::chrono::milliseconds;
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
      // XRT takes 0 for "for ever".
      milliseconds most = timeout_.count() == 0 ? milliseconds(0) : std::max(left, milliseconds(1));
      if (meter_.present()) most = most.count() == 0 ? sampling : std::min(most, sampling);
      const ert_cmd_state state = runs_[kernel].wait(most);
      if (state != ERT_CMD_STATE_TIMEOUT || !meter_.present()) return state;
      meter_.sample();
      if (timeout_.count() != 0 && std::chrono::steady_clock::now() >= end) return state;
    }
  }

  static constexpr std::chrono::milliseconds sampling{100};

  std::chrono::seconds timeout_;
  xrt::device device_;
  PowerMeter meter_;
  xrt::uuid uuid_;
  std::vector<xrt::kernel> kernels_;
  std::vector<xrt::run> runs_;
  std::vector<xrt::bo> buffers_;
};

#endif
