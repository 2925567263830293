// xrt::bo of the simulation, by the path XRT has it at.
#ifndef LMC_XRT_BO_H
#define LMC_XRT_BO_H

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "xrt_device.h"

enum xclBOSyncDirection { XCL_BO_SYNC_BO_TO_DEVICE = 0, XCL_BO_SYNC_BO_FROM_DEVICE };

namespace xrt {

/// Index of a memory bank, from kernel::group_id.
using memory_group = uint32_t;

/// A buffer: host memory and device memory apart, both zero at first, so that a forgotten sync
/// shows as it would on a board. Copies are the same buffer.
class bo {
 public:
  bo() = default;
  bo(const device&, size_t bytes, memory_group) : memory_(std::make_shared<memory>(bytes)) {}

  size_t size() const { return memory_->bytes; }

  /// Host memory as the pointer type T.
  template <class T = void*>
  T map() const {
    return static_cast<T>(memory_->host);
  }
  /// Copies into or out of host memory; sync moves it on. Throws std::out_of_range.
  void write(const void* from, size_t bytes, size_t offset) {
    std::memcpy(host_at(bytes, offset), from, bytes);
  }
  void write(const void* from) { write(from, size(), 0); }
  void read(void* to, size_t bytes, size_t offset) const {
    std::memcpy(to, host_at(bytes, offset), bytes);
  }
  void read(void* to) const { read(to, size(), 0); }

  void sync(xclBOSyncDirection direction, size_t bytes, size_t offset) {
    char* host = host_at(bytes, offset);
    char* device = static_cast<char*>(device_memory()) + offset;
    if (direction == XCL_BO_SYNC_BO_TO_DEVICE) {
      std::memcpy(device, host, bytes);
    } else {
      std::memcpy(host, device, bytes);
    }
  }
  void sync(xclBOSyncDirection direction) { sync(direction, size(), 0); }

  /// Of the simulation only: what kernels see.
  void* device_memory() const { return memory_->device; }

 private:
  struct memory {
    explicit memory(size_t size) : bytes(size), host(pages(size)), device(pages(size)) {}
    memory(const memory&) = delete;
    ~memory() {
      munmap(host, bytes);
      munmap(device, bytes);
    }
    static void* pages(size_t bytes) {
      if (bytes == 0) throw std::invalid_argument("a buffer has at least one byte");
      const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
      void* base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
      if (base == MAP_FAILED) throw std::bad_alloc();
      return base;
    }
    size_t bytes;
    void *host, *device;
  };

  char* host_at(size_t bytes, size_t offset) const {
    if (offset > size() || bytes > size() - offset)
      throw std::out_of_range(std::to_string(bytes) + " bytes at " + std::to_string(offset) +
                              " are not inside a buffer of " + std::to_string(size()));
    return map<char*>() + offset;
  }

  std::shared_ptr<memory> memory_;
};

}  // namespace xrt

#endif
