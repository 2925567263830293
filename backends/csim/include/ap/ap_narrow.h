// Integers of up to 64 bits, held in the smallest native integer that has room for them.
#ifndef LMC_AP_NARROW_H
#define LMC_AP_NARROW_H

#include "ap_range.h"

namespace lmc::ap {

/// Native integers of 8, 16, 32 or 64 bits, the smallest of at least W.
template <int W>
using signed_of = std::conditional_t<
    (W <= 8), int8_t,
    std::conditional_t<(W <= 16), int16_t, std::conditional_t<(W <= 32), int32_t, int64_t>>>;

/// An integer of W <= 64 bits, wrapped to W whenever it is made, 0 by default. Arithmetic and
/// comparisons are those of int64_t (uint64_t for an unsigned 64-bit one), which it converts to;
/// shifts and ~ give W bits, as Xilinx's do.
template <int W, bool Signed>
class integer<W, Signed, false> {
  static_assert(W >= 1, "an integer has at least one bit");

 public:
  static constexpr int width = W;
  using storage = std::conditional_t<Signed, signed_of<W>, std::make_unsigned_t<signed_of<W>>>;
  using native = std::conditional_t<W == 64 && !Signed, uint64_t, int64_t>;

  constexpr integer() = default;
  template <class T, class = if_value<T>>
  constexpr integer(const T& x) : value_(wrap(word_of(x, 0))) {}

  constexpr operator native() const { return value_; }
  constexpr int to_int() const { return int(value_); }
  constexpr unsigned to_uint() const { return unsigned(value_); }
  constexpr int64_t to_int64() const { return int64_t(value_); }
  constexpr uint64_t to_uint64() const { return uint64_t(value_); }
  constexpr double to_double() const { return double(value_); }
  constexpr int length() const { return W; }

  constexpr uint64_t word(int k) const {
    if (k == 0) return uint64_t(value_);
    return Signed && value_ < 0 ? ~uint64_t(0) : 0;
  }
  constexpr uint64_t get_bits(int lo, int bits) const {
    return (uint64_t(value_) >> lo) & low_mask(bits);
  }
  constexpr void set_bits(int lo, int bits, uint64_t x) {
    const uint64_t mask = low_mask(bits) << lo;
    value_ = wrap((uint64_t(value_) & ~mask) | ((x << lo) & mask));
  }
  constexpr range_ref<integer> range(int hi, int lo) { return {*this, hi, lo}; }
  constexpr range_ref<const integer> range(int hi, int lo) const { return {*this, hi, lo}; }
  constexpr range_ref<integer> operator[](int i) { return {*this, i, i}; }
  constexpr range_ref<const integer> operator[](int i) const { return {*this, i, i}; }

  /// Shifts keep W bits; a negative amount shifts the other way; >> of a signed one is arithmetic.
  template <class T>
  constexpr integer operator<<(const T& amount) const {
    return shifted_left(int(amount));
  }
  template <class T>
  constexpr integer operator>>(const T& amount) const {
    return shifted_left(-int(amount));
  }
  constexpr integer operator~() const { return ~native(value_); }

  constexpr integer& operator++() { return *this += 1; }
  constexpr integer& operator--() { return *this -= 1; }
  constexpr integer operator++(int) {
    const integer before = *this;
    *this += 1;
    return before;
  }
  constexpr integer operator--(int) {
    const integer before = *this;
    *this -= 1;
    return before;
  }

  template <class T>
  constexpr integer& operator+=(const T& x) { return *this = integer(native(value_) + x); }
  template <class T>
  constexpr integer& operator-=(const T& x) { return *this = integer(native(value_) - x); }
  template <class T>
  constexpr integer& operator*=(const T& x) { return *this = integer(native(value_) * x); }
  template <class T>
  constexpr integer& operator&=(const T& x) { return *this = integer(native(value_) & x); }
  template <class T>
  constexpr integer& operator|=(const T& x) { return *this = integer(native(value_) | x); }
  template <class T>
  constexpr integer& operator^=(const T& x) { return *this = integer(native(value_) ^ x); }
  template <class T>
  constexpr integer& operator<<=(const T& amount) { return *this = *this << amount; }
  template <class T>
  constexpr integer& operator>>=(const T& amount) { return *this = *this >> amount; }

  template <int W2, bool Signed2>
  constexpr integer<W + W2, false> concat(const integer<W2, Signed2>& low) const {
    return join(*this, low);
  }

 private:
  static constexpr storage wrap(uint64_t x) {
    if (W == 8 * int(sizeof(storage))) return storage(x);
    return Signed ? storage(int64_t(x << (64 - W)) >> (64 - W)) : storage(x & low_mask(W));
  }

  constexpr integer shifted_left(int amount) const {
    if (amount >= W) return 0;
    if (amount >= 0) return uint64_t(value_) << amount;
    if (amount > -64) return native(value_) >> -amount;
    return Signed && value_ < 0 ? -1 : 0;
  }

  storage value_ = 0;
};

// Xilinx's C model compares signed with unsigned by value up to 31 bits and by C's promotion rules
// beyond, so what it means depends on the widths. Emitted code casts both to one type instead.
#define LMC_AP_NO_MIXED_COMPARISON(op)                                                 \
  template <int W1, bool Signed1, int W2, bool Signed2>                                \
  constexpr std::enable_if_t<Signed1 != Signed2, bool> operator op(                    \
      const integer<W1, Signed1, false>&, const integer<W2, Signed2, false>&) = delete;
LMC_AP_NO_MIXED_COMPARISON(==)
LMC_AP_NO_MIXED_COMPARISON(!=)
LMC_AP_NO_MIXED_COMPARISON(<)
LMC_AP_NO_MIXED_COMPARISON(<=)
LMC_AP_NO_MIXED_COMPARISON(>)
LMC_AP_NO_MIXED_COMPARISON(>=)
#undef LMC_AP_NO_MIXED_COMPARISON

}  // namespace lmc::ap

#endif
