// Bit ranges of the thin integers: what `x.range(hi, lo)` and `x[i]` return.
#ifndef LMC_AP_RANGE_H
#define LMC_AP_RANGE_H

#include <cstdint>
#include <type_traits>
#include <utility>

namespace lmc::ap {

/// The integer of W bits, two's complement if Signed; `ap_int` and `ap_uint` are its aliases.
template <int W, bool Signed, bool Wide = (W > 64)>
class integer;

/// A mask of the lowest `bits` bits, 1 <= bits <= 64.
constexpr uint64_t low_mask(int bits) { return ~uint64_t(0) >> (64 - bits); }

/// Number k of the 64-bit words of x, lowest first, extended by x's sign.
template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
constexpr uint64_t word_of(const T& x, int k) {
  if (k == 0) return std::is_integral_v<T> ? uint64_t(x) : uint64_t(int64_t(x));
  return x < T(0) ? ~uint64_t(0) : 0;
}

template <int W, bool Signed, bool Wide>
constexpr uint64_t word_of(const integer<W, Signed, Wide>& x, int k) {
  return x.word(k);
}

/// Bits hi..lo (both included, hi >= lo) of an integer of type I, const or not: read as unsigned,
/// assignable where I is not const. It refers to the integer, so it must not outlive it.
template <class I>
class range_ref {
 public:
  constexpr range_ref(I& whole, int hi, int lo) : whole_(whole), lo_(lo), bits_(hi - lo + 1) {}
  range_ref(const range_ref&) = default;

  /// Assigns the lowest bits of x, extended by its sign where x is narrower.
  template <class T>
  constexpr range_ref& operator=(const T& x) {
    for (int done = 0; done < bits_; done += 64)
      whole_.set_bits(lo_ + done, chunk(done), word_of(x, done / 64));
    return *this;
  }
  /// Range to range goes through a copy, since both may be parts of one integer.
  template <class J>
  constexpr range_ref& operator=(const range_ref<J>& x) {
    return *this = integer<I::width, false>(x);
  }
  constexpr range_ref& operator=(const range_ref& x) {
    return *this = integer<I::width, false>(x);
  }

  constexpr uint64_t word(int k) const {
    return k * 64 < bits_ ? whole_.get_bits(lo_ + k * 64, chunk(k * 64)) : 0;
  }

  /// The lowest 64 bits as a number, for use in expressions: exact up to 63 bits.
  constexpr operator int64_t() const { return int64_t(word(0)); }
  constexpr int64_t to_int64() const { return int64_t(word(0)); }
  constexpr uint64_t to_uint64() const { return word(0); }
  constexpr int to_int() const { return int(word(0)); }
  constexpr unsigned to_uint() const { return unsigned(word(0)); }

 private:
  constexpr int chunk(int done) const { return bits_ - done < 64 ? bits_ - done : 64; }

  I& whole_;
  int lo_;
  int bits_;
};

template <class I>
constexpr uint64_t word_of(const range_ref<I>& x, int k) {
  return x.word(k);
}

/// What a thin integer can be made of: numbers, thin integers and ranges of them.
template <class T>
using if_value = decltype(word_of(std::declval<const T&>(), 0));

}  // namespace lmc::ap

#endif
