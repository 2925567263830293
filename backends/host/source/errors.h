// What ends the host program: a sentence on standard error and an exit status.
#ifndef LMC_HOST_ERRORS_H
#define LMC_HOST_ERRORS_H

#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>

// Something that the user can mend; exit status 1.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A wrong command line; exit status 2.
struct WrongUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The system's reason why the last call failed.
inline std::string reason() { return std::strerror(errno); }

// The result of `action`, which calls XRT; what XRT throws becomes a Failure that says what was done.
template <class Action>
auto trying(const std::string &what, Action action) {
  try {
    return action();
  } catch (const Failure &) {
    throw;
  } catch (const std::exception &error) {
    throw Failure("cannot " + what + ": " + error.what());
  }
}

#endif
