// The command line of the host program.
#ifndef LMC_HOST_OPTIONS_H
#define LMC_HOST_OPTIONS_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "design.h"
#include "errors.h"
#include "files.h"

constexpr const char *usage =
    "usage: host XCLBIN WEIGHTS (--prompt TEXT | --prompt-tokens 1,2,3 | --prompt-file FILE | --self-test) [options]\n"
    "  --prompt TEXT         continue a text; only where a token is a byte, else see host/run.py\n"
    "  --prompt-tokens LIST  continue token ids\n"
    "  --prompt-file FILE    continue token ids that are 32-bit integers, little endian\n"
    "  --self-test           compare a few launches with the golden vectors in WEIGHTS\n"
    "  --new N               how many tokens to generate (default 100)\n"
    "  --ignore-eos          go on after an end token\n"
    "  --chunk C             at most so many new tokens for each launch, 1 to 4096 (default 16)\n"
    "  --logits FILE         write the logits of each new token: 32-bit integers, little endian\n"
    "  --all-logits          write those of every token to FILE\n"
    "  --timeout SECONDS     for each launch, 0 for none (default 120)\n";

struct Options {
  std::string xclbin, weights, logits;
  std::vector<std::uint32_t> prompt;
  std::string text;  // the prompt as it was given, where it was a text
  bool as_text = false;
  std::size_t new_tokens = 100, chunk = 16, timeout_seconds = 120;
  bool all_logits = false, ignore_eos = false, self_test = false, help = false;
};

// A decimal number from `least` to `most`; WrongUsage for anything else.
inline std::size_t parse_number(const std::string &option, const std::string &word,
                                std::size_t least, std::size_t most) {
  const std::string range = option + " takes a number from " + std::to_string(least) + " to " +
                            std::to_string(most) + ", not '" + word + "'";
  if (word.empty()) throw WrongUsage(range);
  std::size_t value = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') throw WrongUsage(range);
    const std::size_t digit = static_cast<std::size_t>(c - '0');
    if (value > (most - digit) / 10 || digit > most) throw WrongUsage(range);
    value = 10 * value + digit;
  }
  if (value < least) throw WrongUsage(range);
  return value;
}

inline std::vector<std::uint32_t> parse_ids(const std::string &option, const std::string &list) {
  std::vector<std::uint32_t> ids;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    const std::string word = list.substr(start, end - start);
    ids.push_back(static_cast<std::uint32_t>(parse_number(option, word, 0, UINT32_MAX)));
    start = end + 1;
  }
  return ids;
}

inline void take_text(Options &options, const std::string &word, const std::string &value) {
  if (design::text == design::Text::tokenizer)
    throw WrongUsage(word + " needs this model's tokenizer, which host/run.py uses: call that, or give "
                            "--prompt-tokens");
  if (design::text == design::Text::ids)
    throw WrongUsage(word + " needs a model whose tokens are bytes; give --prompt-tokens");
  options.text = value;
  options.as_text = true;
  for (const char c : value) options.prompt.push_back(static_cast<unsigned char>(c));
}

using Take = void (*)(Options &, const std::string &word, const std::string &value);

// The options that have a value.
inline const std::map<std::string, Take> value_options = {
    {"--prompt", take_text},
    {"--prompt-tokens",
     [](Options &options, const std::string &word, const std::string &value) {
       options.prompt = parse_ids(word, value);
     }},
    {"--prompt-file",
     [](Options &options, const std::string &, const std::string &value) {
       options.prompt = read_ids(value);
     }},
    {"--new",
     [](Options &options, const std::string &word, const std::string &value) {
       options.new_tokens = parse_number(word, value, 0, 1'000'000'000);
     }},
    {"--chunk",
     [](Options &options, const std::string &word, const std::string &value) {
       options.chunk = parse_number(word, value, 1, 4096);
     }},
    {"--logits",
     [](Options &options, const std::string &, const std::string &value) {
       options.logits = value;
     }},
    {"--timeout",
     [](Options &options, const std::string &word, const std::string &value) {
       options.timeout_seconds = parse_number(word, value, 0, 86'400);
     }},
};

// The options that have none.
inline const std::map<std::string, bool Options::*> flags = {
    {"--all-logits", &Options::all_logits},
    {"--ignore-eos", &Options::ignore_eos},
    {"--self-test", &Options::self_test},
    {"--help", &Options::help},
};

// WrongUsage where words and options make no sense together.
inline void check(const Options &options, const std::vector<std::string> &words, int prompts) {
  if (words.size() != 2)
    throw WrongUsage("give XCLBIN and WEIGHTS, the file and the folder, and nothing else");
  if (options.self_test) {
    if (prompts != 0) throw WrongUsage("--self-test has a prompt of its own; give none");
    return;
  }
  if (prompts != 1)
    throw WrongUsage("give one of --prompt, --prompt-tokens and --prompt-file");
  if (options.prompt.empty()) throw WrongUsage("the prompt is empty; give at least one token");
  if (options.all_logits && options.logits.empty()) throw WrongUsage("--all-logits needs --logits");
  if (options.new_tokens == 0 && !options.all_logits)
    throw WrongUsage("nothing to do: --new is 0 and there is no --all-logits");
  for (const std::uint32_t id : options.prompt)
    if (id >= design::vocabulary)
      throw Failure("token id " + std::to_string(id) + " is outside of the vocabulary of " +
                    std::to_string(design::vocabulary) + " tokens");
}

inline Options parse(int argc, char **argv) {
  Options options;
  std::vector<std::string> words;
  int prompts = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto flag = flags.find(word);
    const auto option = value_options.find(word);
    if (word.rfind("--", 0) != 0) {
      words.push_back(word);
    } else if (flag != flags.end()) {
      options.*flag->second = true;
    } else if (option == value_options.end()) {
      throw WrongUsage("unknown option " + word);
    } else if (++i == argc) {
      throw WrongUsage(word + " needs a value");
    } else {
      prompts += word.rfind("--prompt", 0) == 0;
      option->second(options, word, argv[i]);
    }
  }
  if (options.help) return options;
  check(options, words, prompts);
  options.xclbin = words[0];
  options.weights = words[1];
  return options;
}

#endif
