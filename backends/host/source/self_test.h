// --self-test: runs the golden launches and says what is wrong first, and whose work that is.
#ifndef LMC_HOST_SELF_TEST_H
#define LMC_HOST_SELF_TEST_H

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "accelerator.h"
#include "checks.h"
#include "design.h"
#include "errors.h"
#include "golden.h"
#include "sha256.h"

class SelfTest {
 public:
  SelfTest(const std::string &xclbin, const std::string &weights, std::chrono::seconds timeout)
      : launches_(checked(read_golden(weights))),
        accelerator_(xclbin, weights, largest(launches_), timeout) {}

  // Failure names the first difference and who can have made it.
  void run() {
    std::size_t steps = 0, tokens = 0, states = 0;
    for (std::size_t number = 0; number < launches_.size(); ++number) {
      const GoldenLaunch &golden = launches_[number];
      accelerator_.run(golden.prompt.data(), {golden.steps, golden.prompt.size(), golden.tokens.size()});
      const std::string where = "self-test: launch " + std::to_string(number + 1);
      // A wrong token that was fed back makes all after it wrong, so no checkpoint shows who has made it.
      if (golden.tokens.size() > 1) compare_fed_tokens(where, golden);
      states += compare_states(where, golden);
      compare_logits(where, golden);
      compare_last_token(where, golden);
      steps += golden.steps;
      tokens += golden.tokens.size();
    }
    std::printf("self-test: %zu launches of %zu steps: %zu tokens, their logits and %zu states of layers are right\n",
                launches_.size(), steps, tokens, states);
  }

 private:
  static std::vector<GoldenLaunch> checked(std::vector<GoldenLaunch> launches) {
    for (const GoldenLaunch &one : launches) {
      std::size_t states = 0;
      for (const design::Checkpoint &point : design::checkpoints) {
        if (point.layers == 0) continue;
        const auto found = one.states.find(point.name);
        if (found == one.states.end() || found->second.size() != static_cast<std::size_t>(point.layers))
          throw Failure("golden.txt does not have the " + std::to_string(point.layers) + " layers of " +
                        point.name + "; host program and golden vectors are of different designs");
        ++states;
      }
      const auto in_use = [](std::uint32_t id) { return id < design::vocabulary; };
      if (states != one.states.size() || !std::all_of(one.prompt.begin(), one.prompt.end(), in_use))
        throw Failure("golden.txt and the host program are of different designs");
    }
    return launches;
  }

  static Launch largest(const std::vector<GoldenLaunch> &launches) {
    Launch most{0, 0, 0};
    for (const GoldenLaunch &one : launches)
      most = {std::max(most.steps, one.steps), std::max(most.prompt, one.prompt.size()),
              std::max(most.logits, one.tokens.size())};
    return most;
  }

  static std::string digest(const char *data, std::size_t bytes) {
    Sha256 sha;
    sha.add(data, bytes);
    return sha.digest();
  }

  [[noreturn]] static void fail(const std::string &what, const design::Suspects &suspects) {
    throw Failure(what + " and what comes before is right; the first kernel that can be at fault is " +
                  suspects.first + "; " + suspects.all);
  }

  static const design::Suspects &suspects_of(int bank) {
    for (const design::Checkpoint &point : design::checkpoints)
      if (point.bank == bank) return point.first;
    throw Failure("the design has no checkpoint for bank " + std::to_string(bank));
  }

  void compare_fed_tokens(const std::string &where, const GoldenLaunch &golden) {
    const std::size_t count = golden.tokens.size();
    const std::vector<std::uint32_t> found = accelerator_.tokens(count, count);
    for (std::size_t i = 0; i + 1 < count; ++i)
      if (found[i] != golden.tokens[i])
        throw Failure(where + ": token " + std::to_string(i + 1) + " is " + std::to_string(found[i]) +
                      " and not " + std::to_string(golden.tokens[i]) +
                      ", and was fed back, so each kernel can be at fault");
  }

  // Layer after layer, in each the banks in the order in which data comes to them; how many there are.
  std::size_t compare_states(const std::string &where, const GoldenLaunch &golden) {
    std::size_t layers = 0, compared = 0;
    for (const design::Checkpoint &point : design::checkpoints)
      layers = std::max(layers, static_cast<std::size_t>(point.layers));
    for (std::size_t layer = 0; layer < layers; ++layer)
      for (const design::Checkpoint &point : design::checkpoints) {
        if (layer >= static_cast<std::size_t>(point.layers)) continue;
        const std::size_t bytes = design::banks[point.bank].bytes / static_cast<std::size_t>(point.layers);
        const char *data = accelerator_.contents(point.bank) + layer * bytes;
        if (digest(data, bytes) != golden.states.at(point.name)[layer])
          fail(where + ", layer " + std::to_string(layer) + ": " + point.name + " is wrong",
               layer == 0 ? point.first : point.later);
        ++compared;
      }
    return compared;
  }

  void compare_logits(const std::string &where, const GoldenLaunch &golden) {
    const char *data = accelerator_.logits(golden.logits.size());
    for (std::size_t i = 0; i < golden.logits.size(); ++i)
      if (digest(data + i * design::logits_stride, design::vocabulary * sizeof(std::int32_t)) !=
          golden.logits[i])
        fail(where + ": the logits of token " + std::to_string(i + 1) + " are wrong",
             suspects_of(design::logits_bank));
  }

  void compare_last_token(const std::string &where, const GoldenLaunch &golden) {
    const std::uint32_t found = accelerator_.tokens(golden.tokens.size(), 1).back();
    if (found != golden.tokens.back())
      fail(where + ": the last token is " + std::to_string(found) + " and not " +
               std::to_string(golden.tokens.back()),
           suspects_of(design::tokens_bank));
  }

  std::vector<GoldenLaunch> launches_;
  Accelerator accelerator_;
};

#endif
