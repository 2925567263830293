// Host program: continues a prompt, greedily, on the device. `host --help` says how it is called.
//
// A prompt that is a text is continued as text, one of token ids by ids, each on a line of its own. Both come out after
// every launch. Conv and SSM states stay on the device from launch to launch. How fast it was is said on standard error.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "accelerator.h"
#include "design.h"
#include "errors.h"
#include "options.h"
#include "self_test.h"
#include "speed.h"

namespace {

// Writes tokens to standard output, and logits to a file if there is one.
class Output {
 public:
  explicit Output(const Options &options) : options_(options) {
    if (!options.logits.empty()) {
      logits_.reset(std::fopen(options.logits.c_str(), "wb"));
      if (!logits_) throw Failure("cannot write " + options.logits + ": " + reason());
    }
    write(options.text);
  }

  bool wants_logits() const { return logits_ != nullptr; }

  // The first `steps` of the last launch's logits.
  void logits(Accelerator &accelerator, std::size_t steps) {
    const std::size_t bytes = design::vocabulary * sizeof(std::int32_t);
    const char *data = accelerator.logits(steps);
    for (std::size_t step = 0; step < steps; ++step)
      std::fwrite(data + step * design::logits_stride, 1, bytes, logits_.get());
    if (std::fflush(logits_.get()) != 0 || std::ferror(logits_.get()))
      throw Failure("cannot write " + options_.logits + ": " + reason());
  }

  // An end token, the last one if `ended`, is no part of a text.
  void tokens(const std::uint32_t *ids, std::size_t count, bool ended) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!options_.as_text) {
        write(std::to_string(ids[i]) + "\n");
      } else if (!ended || i + 1 < count) {
        write(std::string(1, static_cast<char>(ids[i])));
      }
    }
    flush();
  }

  void flush() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
      throw Failure("cannot write to standard output: " + reason());
  }

  void finish() {
    if (options_.as_text) write("\n");
    flush();
  }

 private:
  struct Close {
    void operator()(std::FILE *file) const { std::fclose(file); }
  };

  static void write(const std::string &text) { std::fwrite(text.data(), 1, text.size(), stdout); }

  const Options &options_;
  std::unique_ptr<std::FILE, Close> logits_;
};

bool ends_text(std::uint32_t id) {
  return std::count(design::end_tokens.begin(), design::end_tokens.end(), id) != 0;
}

// What the next launch does with ids that wait and tokens that are wanted.
Launch next_launch(std::size_t waiting, std::size_t wanted, const Options &options) {
  const std::size_t longest = std::max(design::longest_launch, options.chunk);
  const std::size_t prompt = std::min(waiting, longest);
  // The first new token is chosen in the step of the prompt's last id.
  std::size_t chosen = 0;
  if (prompt == waiting) chosen = std::min({wanted, options.chunk, longest - prompt + 1});
  const std::size_t steps = chosen == 0 ? prompt : prompt + chosen - 1;
  return {steps, prompt, options.all_logits ? steps : chosen};
}

// What any launch of this run may do: room for buffers.
Launch largest_launch(const Options &options) {
  const std::size_t longest = std::max(design::longest_launch, options.chunk);
  const std::size_t steps = std::min(longest, options.prompt.size() + options.new_tokens);
  return {steps, std::min(longest, options.prompt.size()),
          options.all_logits ? steps : std::min(options.chunk, options.new_tokens)};
}

void generate(const Options &options) {
  Output output(options);
  Accelerator accelerator(options.xclbin, options.weights, largest_launch(options),
                          std::chrono::seconds(options.timeout_seconds));
  output.flush();
  Speed speed(accelerator);
  bool continues = false;  // the ids that wait were chosen, and not given
  std::vector<std::uint32_t> ids = options.prompt;
  std::size_t given = 0, left = options.new_tokens;
  while (given < ids.size()) {
    const Launch launch = next_launch(ids.size() - given, left, options);
    speed.run(ids.data() + given, launch, continues);
    given += launch.prompt;
    const std::size_t chosen = given == ids.size() && left > 0 ? launch.steps - launch.prompt + 1 : 0;
    const std::vector<std::uint32_t> tokens = accelerator.tokens(launch.logits, chosen);
    const bool ended = !options.ignore_eos && std::any_of(tokens.begin(), tokens.end(), ends_text);
    const auto end = ended ? std::find_if(tokens.begin(), tokens.end(), ends_text) + 1 : tokens.end();
    const auto shown = static_cast<std::size_t>(end - tokens.begin());
    if (output.wants_logits()) output.logits(accelerator, launch.logits - (chosen - shown));
    output.tokens(tokens.data(), shown, ended);
    if (ended) break;
    left -= chosen;
    if (left > 0 && chosen > 0) {
      ids.assign(1, tokens.back());
      given = 0;
      continues = true;
    }
  }
  output.finish();
  speed.report();
}

}  // namespace

int main(int argc, char **argv) {
  try {
    const Options options = parse(argc, argv);
    if (options.help) {
      std::fputs(usage, stdout);
    } else if (options.self_test) {
      SelfTest(options.xclbin, options.weights, std::chrono::seconds(options.timeout_seconds)).run();
    } else {
      generate(options);
    }
    return 0;
  } catch (const WrongUsage &error) {
    std::fprintf(stderr, "host: %s; host --help says what there is\n", error.what());
    return 2;
  } catch (const std::exception &error) {
    std::fflush(stdout);
    std::fprintf(stderr, "host: %s\n", error.what());
    return 1;
  }
}
