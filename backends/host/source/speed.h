// How fast text was made, by the host's clock: from before the start of the kernels until all have ended.
#ifndef LMC_HOST_SPEED_H
#define LMC_HOST_SPEED_H

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include "accelerator.h"

class Speed {
 public:
  explicit Speed(Accelerator &accelerator) : accelerator_(accelerator) {}

  // Runs a launch. `continues` says that its first id was chosen in the launch before it.
  void run(const std::uint32_t *prompt, const Launch &launch, bool continues) {
    const auto start = std::chrono::steady_clock::now();
    accelerator_.run(prompt, launch);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    // A step for each id of the prompt; that of the last one chooses the first new token.
    Part &part = continues ? new_ : launch.steps == launch.prompt ? prompt_ : both_;
    part.steps += launch.steps;
    part.seconds += time.count();
    double watts;
    std::size_t samples;
    accelerator_.meter().take(watts, samples);
    part.watts += watts;
    part.samples += samples;
  }

  // One line on standard error. A simulated device says nothing: its seconds are not a board's.
  void report() const {
#ifndef LMC_SIMULATED_XRT
    std::string text = said("prompt", prompt_);
    text += said("prompt and first new tokens", both_) + said("new tokens", new_);
    if (!accelerator_.meter().present())
      text += "; no tokens/J, since XRT reads no power of this device";
    std::fprintf(stderr, "host: %s\n", text.c_str() + 2);
#endif
  }

 private:
  struct Part {
    std::size_t steps = 0, samples = 0;
    double seconds = 0, watts = 0;
  };

  std::string said(const char *what, const Part &part) const {
    if (part.steps == 0) return "";
    char numbers[160];
    const double steps = static_cast<double>(part.steps);
    std::snprintf(numbers, sizeof(numbers), "; %s: %zu steps in %.3f s, %.1f tokens/s", what, part.steps,
                  part.seconds, steps / part.seconds);
    std::string text = numbers;
    if (part.samples > 0) {
      const double watts = part.watts / static_cast<double>(part.samples);
      std::snprintf(numbers, sizeof(numbers), ", %.3f tokens/J at %.1f W (mean of %zu samples)",
                    steps / (watts * part.seconds), watts, part.samples);
      text += numbers;
    } else if (accelerator_.meter().present()) {
      text += ", too short to sample its power";
    }
    return text;
  }

  Accelerator &accelerator_;
  Part prompt_, both_, new_;
};

#endif
