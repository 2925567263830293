// Stacks and the switch between them: what a task of the C simulation runs on.
#ifndef LMC_FIBER_H
#define LMC_FIBER_H

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

#if !defined(__x86_64__) || defined(LMC_FIBER_UCONTEXT)
#define LMC_FIBER_PORTABLE
#include <ucontext.h>
#endif

namespace lmc::sim {

/// A stack in lazily committed memory, so its size costs address space only; a page below it
/// faults on overflow.
class fiber_stack {
 public:
  static constexpr size_t bytes = size_t(64) << 20;
  static constexpr size_t guard_bytes = 4096;

  fiber_stack() {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    base_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (base_ == MAP_FAILED) throw std::bad_alloc();
    mprotect(base_, guard_bytes, PROT_NONE);
  }
  fiber_stack(fiber_stack&& other) noexcept : base_(other.base_) { other.base_ = nullptr; }
  fiber_stack& operator=(fiber_stack&&) = delete;
  ~fiber_stack() {
    if (base_ != nullptr) munmap(base_, bytes);
  }

  void* lowest() const { return static_cast<char*>(base_) + guard_bytes; }
  void* end() const { return static_cast<char*>(base_) + bytes; }

 private:
  void* base_;
};

}  // namespace lmc::sim

#ifdef LMC_FIBER_PORTABLE

namespace lmc::sim {

/// Where a stack of execution stopped.
struct fiber_context {
  ucontext_t registers;
};

/// Makes a context that calls `entry`, which must not return, on `stack`.
inline void prepare(fiber_context& context, const fiber_stack& stack, void (*entry)()) {
  getcontext(&context.registers);
  context.registers.uc_stack.ss_sp = stack.lowest();
  context.registers.uc_stack.ss_size = fiber_stack::bytes - fiber_stack::guard_bytes;
  context.registers.uc_link = nullptr;
  makecontext(&context.registers, entry, 0);
}

/// Stops here, saving the place in `from`, and goes on where `to` stopped.
inline void switch_context(fiber_context& from, fiber_context& to) {
  swapcontext(&from.registers, &to.registers);
}

}  // namespace lmc::sim

#else

// Saves the registers a call preserves on the running stack, stores its pointer in *from, and
// takes up the stack `to`: no system call, unlike swapcontext.
asm(R"(
.pushsection .text.lmc_switch_stack, "axG", @progbits, lmc_switch_stack, comdat
.weak lmc_switch_stack
.type lmc_switch_stack, @function
lmc_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size lmc_switch_stack, . - lmc_switch_stack
.popsection
)");
extern "C" void lmc_switch_stack(void** from, void* to);

namespace lmc::sim {

/// Where a stack of execution stopped.
struct fiber_context {
  void* stack_pointer;
};

/// Makes a context that calls `entry`, which must not return, on `stack`.
inline void prepare(fiber_context& context, const fiber_stack& stack, void (*entry)()) {
  constexpr int saved_registers = 6;
  auto* top = static_cast<uintptr_t*>(stack.end());
  *--top = 0;  // the return address of entry, where a debugger's stack trace ends
  *--top = reinterpret_cast<uintptr_t>(entry);
  for (int i = 0; i < saved_registers; ++i) *--top = 0;
  context.stack_pointer = top;
}

/// Stops here, saving the place in `from`, and goes on where `to` stopped.
inline void switch_context(fiber_context& from, fiber_context& to) {
  lmc_switch_stack(&from.stack_pointer, to.stack_pointer);
}

}  // namespace lmc::sim

#endif

#endif
