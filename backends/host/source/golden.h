// The golden vectors beside the images: launches, and what memory holds after each of them.
#ifndef LMC_HOST_GOLDEN_H
#define LMC_HOST_GOLDEN_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "errors.h"
#include "files.h"

// Digests are SHA-256: of the logits of each step that has any, of the words of each layer of a state's bank.
struct GoldenLaunch {
  std::size_t steps = 0;
  std::vector<std::uint32_t> prompt, tokens;
  std::vector<std::string> logits;
  std::map<std::string, std::vector<std::string>> states;
};

template <class Item>
std::vector<Item> rest_of(std::istringstream &line) {
  std::vector<Item> items;
  for (Item item; line >> item;) items.push_back(item);
  return items;
}

// The launches of golden.txt in a folder of images. Failure where it is not there or not whole.
inline std::vector<GoldenLaunch> read_golden(const std::string &folder) {
  const std::string path = folder + "/golden.txt";
  std::istringstream text(read_text(path));
  std::vector<GoldenLaunch> launches;
  for (std::string row; std::getline(text, row);) {
    std::istringstream line(row);
    std::string word, bank;
    line >> word;
    if (word == "launch") {
      launches.emplace_back();
      line >> launches.back().steps;
      launches.back().prompt = rest_of<std::uint32_t>(line);
    } else if (launches.empty()) {
      throw Failure(path + " does not begin with a launch; copy it again");
    } else if (word == "tokens") {
      launches.back().tokens = rest_of<std::uint32_t>(line);
    } else if (word == "logits") {
      launches.back().logits = rest_of<std::string>(line);
    } else if (word == "state" && line >> bank) {
      launches.back().states[bank] = rest_of<std::string>(line);
    } else {
      throw Failure(path + " has a line that says nothing: " + row);
    }
  }
  for (const GoldenLaunch &one : launches)
    if (one.prompt.empty() || one.tokens.empty() || one.logits.size() != one.tokens.size() ||
        one.steps + 1 != one.prompt.size() + one.tokens.size())
      throw Failure(path + " is not whole; copy it again");
  if (launches.empty()) throw Failure(path + " is empty; copy it again");
  return launches;
}

#endif
