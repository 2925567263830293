// How a word of a stream or of a memory lies in a file of vectors: in as many bytes as it needs, the lowest first.
// Plain C++14 for the HLS tool, as all that a testbench includes.
#ifndef LMC_WORDS_H
#define LMC_WORDS_H

#include <cstddef>
#include <cstdint>

#include "ap_int.h"

namespace lmc {

using Byte = unsigned char;

/// How many bytes a word has in a file.
template <class T>
constexpr std::size_t word_bytes() {
  return (T::width + 7) / 8;
}

template <class T>
void store_word(const T& word, Byte* bytes) {
  for (int low = 0; low < T::width; low += 8) {
    const int high = low + 7 < T::width ? low + 7 : T::width - 1;
    bytes[low / 8] = Byte(word.range(high, low).to_uint());
  }
}

template <class T>
T load_word(const Byte* bytes) {
  T word = 0;
  for (int low = 0; low < T::width; low += 8) {
    const int high = low + 7 < T::width ? low + 7 : T::width - 1;
    word.range(high, low) = ap_uint<8>(bytes[low / 8]);
  }
  return word;
}

/// Counts, scalars and places are numbers of eight bytes, the lowest first.
constexpr std::size_t number_bytes = 8;

inline void store_number(std::uint64_t number, Byte* bytes) {
  for (std::size_t i = 0; i < number_bytes; ++i) bytes[i] = Byte(number >> (8 * i));
}

inline std::uint64_t load_number(const Byte* bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < number_bytes; ++i) number |= std::uint64_t(bytes[i]) << (8 * i);
  return number;
}

}  // namespace lmc

#endif
