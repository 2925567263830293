// Integers of 65 to 1024 bits: words of memory and of streams, only sliced, joined and moved.
#ifndef LMC_AP_WIDE_H
#define LMC_AP_WIDE_H

#include "ap_range.h"

namespace lmc::ap {

/// An integer of W > 64 bits, an array of 64-bit words with the lowest first, which is also its
/// layout in memory. Bits of the last word beyond W are copies of the sign, or zero.
template <int W, bool Signed>
class integer<W, Signed, true> {
  static_assert(W <= 1024, "integers are up to 1024 bits wide");

 public:
  static constexpr int width = W;
  static constexpr int words = (W + 63) / 64;

  constexpr integer() = default;
  template <class T, class = if_value<T>>
  constexpr integer(const T& x) {
    for (int k = 0; k < words; ++k) words_[k] = word_of(x, k);
    wrap();
  }

  constexpr int to_int() const { return int(words_[0]); }
  constexpr unsigned to_uint() const { return unsigned(words_[0]); }
  constexpr int64_t to_int64() const { return int64_t(words_[0]); }
  constexpr uint64_t to_uint64() const { return words_[0]; }
  constexpr int length() const { return W; }

  constexpr uint64_t word(int k) const { return k < words ? words_[k] : sign_word(); }

  /// Reads 1 to 64 bits, which lie in at most two words.
  constexpr uint64_t get_bits(int lo, int bits) const {
    const int k = unsigned(lo) / 64, shift = unsigned(lo) % 64;
    uint64_t x = words_[k] >> shift;
    if (shift + bits > 64) x |= words_[k + 1] << (64 - shift);
    return x & low_mask(bits);
  }
  /// Writes 1 to 64 bits.
  constexpr void set_bits(int lo, int bits, uint64_t x) {
    const int k = unsigned(lo) / 64, shift = unsigned(lo) % 64;
    const uint64_t mask = low_mask(bits);
    words_[k] = (words_[k] & ~(mask << shift)) | ((x & mask) << shift);
    if (shift + bits > 64) {
      const int low_part = 64 - shift;
      words_[k + 1] = (words_[k + 1] & ~(mask >> low_part)) | ((x & mask) >> low_part);
    }
    wrap();
  }
  constexpr range_ref<integer> range(int hi, int lo) { return {*this, hi, lo}; }
  constexpr range_ref<const integer> range(int hi, int lo) const { return {*this, hi, lo}; }
  constexpr range_ref<integer> operator[](int i) { return {*this, i, i}; }
  constexpr range_ref<const integer> operator[](int i) const { return {*this, i, i}; }

  friend constexpr bool operator==(const integer& a, const integer& b) {
    for (int k = 0; k < words; ++k)
      if (a.words_[k] != b.words_[k]) return false;
    return true;
  }
  friend constexpr bool operator!=(const integer& a, const integer& b) { return !(a == b); }

  friend constexpr integer operator&(integer a, const integer& b) {
    for (int k = 0; k < words; ++k) a.words_[k] &= b.words_[k];
    return a;
  }
  friend constexpr integer operator|(integer a, const integer& b) {
    for (int k = 0; k < words; ++k) a.words_[k] |= b.words_[k];
    return a;
  }
  friend constexpr integer operator^(integer a, const integer& b) {
    for (int k = 0; k < words; ++k) a.words_[k] ^= b.words_[k];
    return a;
  }
  constexpr integer operator~() const { return *this ^ integer(-1); }
  constexpr integer& operator&=(const integer& x) { return *this = *this & x; }
  constexpr integer& operator|=(const integer& x) { return *this = *this | x; }
  constexpr integer& operator^=(const integer& x) { return *this = *this ^ x; }

  /// Shifts keep W bits; a negative amount shifts the other way; >> of a signed one is arithmetic.
  template <class T>
  constexpr integer operator<<(const T& amount) const {
    return shifted_left(int(amount));
  }
  template <class T>
  constexpr integer operator>>(const T& amount) const {
    return shifted_left(-int(amount));
  }
  template <class T>
  constexpr integer& operator<<=(const T& amount) { return *this = *this << amount; }
  template <class T>
  constexpr integer& operator>>=(const T& amount) { return *this = *this >> amount; }

  template <int W2, bool Signed2>
  constexpr integer<W + W2, false> concat(const integer<W2, Signed2>& low) const {
    return join(*this, low);
  }

 private:
  constexpr uint64_t sign_word() const {
    return Signed && int64_t(words_[words - 1]) < 0 ? ~uint64_t(0) : 0;
  }

  constexpr void wrap() {
    constexpr int spare = 64 * words - W;
    if (spare == 0) return;
    uint64_t& top = words_[words - 1];
    top = Signed ? uint64_t(int64_t(top << spare) >> spare) : top & low_mask(64 - spare);
  }

  /// The words moved up by `amount` bits (down where negative); each is read as 64 bits that
  /// start `amount` lower, sign or zeros beyond the ends.
  constexpr integer shifted_left(int amount) const {
    integer result;
    for (int k = 0; k < words; ++k) {
      const int from = 64 * k - amount;
      const int low = from >= 0 ? from / 64 : -((63 - from) / 64);
      const int shift = from - 64 * low;
      result.words_[k] = extended_word(low) >> shift;
      if (shift != 0) result.words_[k] |= extended_word(low + 1) << (64 - shift);
    }
    result.wrap();
    return result;
  }
  constexpr uint64_t extended_word(int k) const { return k < 0 ? 0 : word(k); }

  uint64_t words_[words] = {};
};

}  // namespace lmc::ap

#endif
