// Compares an xclbin's metadata with the design: kernels, arguments, memories.
#ifndef LMC_HOST_XCLBIN_CHECK_H
#define LMC_HOST_XCLBIN_CHECK_H

// XRT 2.13 has it without `xrt/` before it, later ones with it.
#if __has_include(<xrt/experimental/xrt_xclbin.h>)
#include <xrt/experimental/xrt_xclbin.h>
#else
#include <experimental/xrt_xclbin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "design.h"
#include "errors.h"
#include "files.h"

// Failure unless the file begins as an xclbin does (`axlf` in XRT's xclbin.h) and is as long as it says. XRT does not look:
// it may crash on half a file.
inline void check_whole(const std::string &path) {
  constexpr std::size_t length_at = 304;
  char head[length_at + sizeof(std::uint64_t)] = {};
  InputFile file(path);
  if (file.read(head, sizeof(head)) < sizeof(head) || std::memcmp(head, "xclbin2", 8) != 0)
    throw Failure(path + " is not an xclbin");
  std::uint64_t length;
  std::memcpy(&length, head + length_at, sizeof(length));
  if (file.size() < length)
    throw Failure(path + " has " + std::to_string(file.size()) + " bytes of " +
                  std::to_string(length) + "; copy it again");
}

class XclbinCheck {
 public:
  XclbinCheck(const xrt::xclbin &xclbin, const std::string &path) : xclbin_(xclbin), path_(path) {}

  // Failure where the xclbin is not of this design.
  void run() {
    const std::vector<xrt::xclbin::kernel> linked = xclbin_.get_kernels();
    for (const design::Kernel &kernel : design::kernels) check(kernel, linked);
  }

 private:
  [[noreturn]] void refuse(const std::string &fault) const {
    throw Failure(path_ + " is not of this design: " + fault);
  }

  void check(const design::Kernel &kernel, const std::vector<xrt::xclbin::kernel> &linked) {
    std::string names;
    for (const xrt::xclbin::kernel &other : linked) {
      if (other.get_name() == kernel.name) return check(kernel, other);
      names += (names.empty() ? "" : ", ") + other.get_name();
    }
    refuse(std::string("it has no kernel ") + kernel.name + "; it has " +
           (names.empty() ? "none" : names));
  }

  void check(const design::Kernel &kernel, const xrt::xclbin::kernel &linked) {
    const std::size_t units = linked.get_cus().size();
    if (units != 1)
      refuse("kernel " + std::string(kernel.name) + " has " + std::to_string(units) +
             " compute units; the design has one");
    std::map<int, xrt::xclbin::arg> arguments;
    for (const xrt::xclbin::arg &argument : linked.get_args())
      arguments[static_cast<int>(argument.get_index())] = argument;
    for (const design::Argument &argument : kernel.arguments) {
      const std::string where = "argument " + std::to_string(argument.position) + " of kernel " + kernel.name;
      const auto found = arguments.find(argument.position);
      if (found == arguments.end())
        refuse(where + " is missing; the design has " + argument.name + " there");
      if (found->second.get_name() != argument.name)
        refuse(where + " is " + found->second.get_name() + "; the design has " + argument.name + " there");
      check_memory(argument, found->second.get_mems(), where);
    }
  }

  void check_memory(const design::Argument &argument, const std::vector<xrt::xclbin::mem> &linked,
                    const std::string &where) {
    const std::string name = where + ", " + argument.name + ",";
    if (argument.use == design::Use::scalar) {
      if (!linked.empty()) refuse(name + " is a buffer; the design has a scalar there");
      return;
    }
    if (linked.empty()) refuse(name + " is in no memory");
    const std::string memory = design::banks[argument.index].memory;
    const auto has_tag = [&](const xrt::xclbin::mem &one) { return one.get_tag() == memory; };
    const auto right = std::find_if(linked.begin(), linked.end(), has_tag);
    const xrt::xclbin::mem &found = right == linked.end() ? linked[0] : *right;
    const std::string tag = found.get_tag();
    const std::vector<const char *> &known = design::memories;
    if (tag != memory && std::find(known.begin(), known.end(), tag) != known.end())
      refuse(name + " is in " + tag + "; the design has it in " + memory);
    check_partition(name, memory, found);
  }

  // A platform may have names of its own for memories. Even so, what the design has in one memory has to be in one there,
  // and what it has in two in two.
  void check_partition(const std::string &name, const std::string &memory,
                       const xrt::xclbin::mem &linked) {
    const int index = linked.get_index();
    const auto tag = tags_.emplace(memory, linked.get_tag()).first->second;
    const auto of_index = memories_.emplace(index, memory).first->second;
    if (tag != linked.get_tag())
      refuse(name + " is in " + linked.get_tag() + "; the rest of " + memory + " is in " + tag);
    if (of_index != memory)
      refuse(name + " is in " + tag + " with what the design has in " + of_index + "; it belongs in " + memory);
  }

  const xrt::xclbin &xclbin_;
  std::string path_;
  std::map<std::string, std::string> tags_;  // the platform's name of a memory of the design
  std::map<int, std::string> memories_;      // the design's name of a memory of the platform
};

#endif
