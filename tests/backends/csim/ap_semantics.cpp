// Prints what operations of ap_int and ap_uint give on pseudo-random values, a line a value, so
// that two implementations can be compared. Only what emitted code uses: results of arithmetic
// are cast at once to a type that holds them, in at most 63 bits.
#include <ap_int.h>

#include <cstdint>
#include <cstdio>

static uint64_t seed = 1;

static uint64_t next_random() {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  const uint64_t x = seed ^ (seed >> 29);
  switch (x % 8) {  // the extremes often
    case 0: return 0;
    case 1: return ~uint64_t(0);
    case 2: return uint64_t(1) << (x >> 40) % 64;
    default: return x ^ (x << 32);
  }
}

template <class T>
static void show(const char* what, const T& x) {
  std::printf("%s %lld %d\n", what, (long long)x.to_int64(), x.to_int());
}

static void show_bool(const char* what, bool x) { std::printf("%s %d\n", what, int(x)); }

template <class T>
static void show_wide(const char* what, const T& x, int width) {
  std::printf("%s", what);
  for (int lo = 0; lo < width; lo += 64) {
    const ap_uint<64> part = x.range(lo + 63 < width ? lo + 63 : width - 1, lo);
    std::printf(" %llx", (unsigned long long)part.to_uint64());
  }
  std::printf("\n");
}

template <class A, int WA>
static void unary(A a) {
  show("value", a);
  show("not", A(~a));
  show("minus", ap_int<64>(-a));
  for (int n = -3; n < WA + 3; n += 1 + WA / 7) {
    show("left", A(a << n));
    show("right", A(a >> n));
    show("left by ap_int", ap_int<64>(a << ap_int<9>(n)));
    show("right by ap_uint", ap_int<64>(a >> ap_uint<7>(n)));
  }
  A c = a;
  show("pre", A(++c));
  show("post", A(c++));
  show("down", A(--c));
  c <<= 1;
  show("shl", c);
  c >>= 1;
  show("shr", c);
  const int lo = int(next_random() % WA), hi = lo + int(next_random() % (WA - lo));
  const A fixed = a;
  show("range", ap_int<WA>(fixed.range(hi, lo)));
  show("bit", ap_uint<1>(a[lo]));
  c.range(hi, lo) = next_random();
  show("set range", c);
  c[hi] = 1;
  c[lo] = 0;
  show("set bit", c);
}

template <class A, int WA, class B, int WB>
static void binary(A a, B b) {
  show("convert", A(b));
  show("assign", ap_int<WA>(b));
  if (WA < 62 && WB < 62) {
    show("add", ap_int<63>(a + b));
    show("sub", ap_int<63>(a - b));
    show("add 3", A(a + 3));
    show("7 minus", ap_int<63>(7 - b));
  }
  if (WA + WB <= 62) show("mul", ap_int<63>(a * b));
  show("and", ap_int<64>(a & b));
  show("or", ap_int<64>(a | b));
  show("xor", ap_int<64>(a ^ b));
  A c = b;
  show_bool("lt", a < c);
  show_bool("le", a <= c);
  show_bool("gt", a > c);
  show_bool("ge", a >= c);
  show_bool("eq", a == c);
  show_bool("ne", a != c);
  show_bool("lt 5", a < 5);
  show_bool("ge 3", a >= 3);
  show_bool("eq 0", a == 0);
  show_bool("true", c ? true : false);
  c = a;
  c += b;
  show("+=", c);
  c -= 5;
  show("-=", c);
  c *= b;
  show("*=", c);
  c &= b;
  show("&=", c);
  c |= a;
  show("|=", c);
  c ^= b;
  show("^=", c);
  const ap_uint<WA + WB> joined = (a, b);
  show_wide("comma", joined, WA + WB);
  const ap_uint<WA + WB> concatenated = b.concat(a);
  show_wide("concat", concatenated, WA + WB);
}

template <int WA, int WB>
static void narrow() {
  std::printf("widths %d %d\n", WA, WB);
  for (int i = 0; i < 25; ++i) {
    const uint64_t x = next_random(), y = next_random();
    unary<ap_int<WA>, WA>(x);
    unary<ap_uint<WA>, WA>(x);
    binary<ap_int<WA>, WA, ap_uint<WB>, WB>(x, y);
    binary<ap_uint<WA>, WA, ap_int<WB>, WB>(x, y);
    binary<ap_int<WA>, WA, ap_int<WB>, WB>(x, y);
    binary<ap_uint<WA>, WA, ap_uint<WB>, WB>(x, y);
  }
}

template <class A, int W>
static A random_wide() {
  A a = 0;
  for (int lo = 0; lo < W; lo += 64)
    a.range(lo + 63 < W ? lo + 63 : W - 1, lo) = ap_uint<64>(next_random());
  return a;
}

template <class A, int W>
static void wide() {
  std::printf("wide %d\n", W);
  for (int i = 0; i < 25; ++i) {
    A a = random_wide<A, W>();
    const A b = random_wide<A, W>();
    show_wide("value", a, W);
    show("low", ap_int<48>(a));
    show_wide("and", A(a & b), W);
    show_wide("or", A(a | b), W);
    show_wide("xor", A(a ^ b), W);
    show_wide("not", A(~a), W);
    show_bool("eq", a == b);
    show_bool("ne", a != A(a));
    for (int n = -3; n < W + 3; n += 1 + W / 9) {
      show_wide("left", A(a << n), W);
      show_wide("right", A(a >> n), W);
    }
    show_wide("from int", A(-5), W);
    show_wide("from ap_int", A(ap_int<7>(b)), W);
    show_wide("to wider", ap_uint<W + 70>(a), W + 70);
    show_wide("to narrower", ap_int<70>(a), 70);
    const int lo = int(next_random() % W), hi = lo + int(next_random() % (W - lo));
    show_wide("range", A(b.range(hi, lo)), W);
    show_bool("bit", b[hi]);
    show("fixed range", ap_int<4>(b.range(67, 64)));
    show("crossing", ap_int<9>(b.range(67, 59)));
    a.range(hi, lo) = ap_int<6>(next_random());
    show_wide("set range", a, W);
    a.range(W - 1, 3) = a.range(W - 4, 0);
    show_wide("overlap", a, W);
    a[hi] = b[lo];
    show_wide("set bit", a, W);
    show_wide("join", ap_uint<W + 8>((a, ap_int<8>(lo))), W + 8);
  }
}

int main() {
  narrow<1, 5>();
  narrow<4, 8>();
  narrow<8, 24>();
  narrow<12, 33>();
  narrow<31, 32>();
  narrow<63, 64>();
  narrow<64, 17>();
  wide<ap_uint<80>, 80>();
  wide<ap_int<130>, 130>();
  wide<ap_uint<512>, 512>();
  std::printf("sizes %zu %zu %zu %zu\n", sizeof(ap_int<4>), sizeof(ap_uint<20>), sizeof(ap_int<40>),
              sizeof(ap_uint<512>));
}
