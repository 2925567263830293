// SHA-256 (FIPS 180-4). The host of a board has no cryptographic library for certain, and this is what sha256sum prints.
#ifndef LMC_HOST_SHA256_H
#define LMC_HOST_SHA256_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

class Sha256 {
 public:
  void add(const void *data, std::size_t bytes) {
    const auto *from = static_cast<const std::uint8_t *>(data);
    total_ += bytes;
    while (bytes > 0) {
      if (filled_ == 0 && bytes >= block_bytes) {
        compress(from);
        from += block_bytes;
        bytes -= block_bytes;
        continue;
      }
      const std::size_t part = std::min(bytes, block_bytes - filled_);
      std::memcpy(block_ + filled_, from, part);
      filled_ += part;
      from += part;
      bytes -= part;
      if (filled_ == block_bytes) {
        compress(block_);
        filled_ = 0;
      }
    }
  }

  // The digest of all that was added, in hexadecimal; nothing can be added after it.
  std::string digest() {
    const std::uint64_t bits = 8 * total_;
    std::uint8_t length[8];
    for (int i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    const std::uint8_t one = 0x80, zero = 0;
    add(&one, 1);
    while (filled_ != block_bytes - sizeof(length)) add(&zero, 1);
    add(length, sizeof(length));
    std::string text;
    for (const std::uint32_t word : state_)
      for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
    return text;
  }

 private:
  static constexpr std::size_t block_bytes = 64;

  static std::uint32_t rotate(std::uint32_t x, int bits) { return x >> bits | x << (32 - bits); }

  // Section 6.2.2, with the functions of section 4.1.2.
  void compress(const std::uint8_t *block) {
    std::uint32_t w[64];
    for (int t = 0; t < 16; ++t, block += 4)
      w[t] = std::uint32_t{block[0]} << 24 | std::uint32_t{block[1]} << 16 |
             std::uint32_t{block[2]} << 8 | block[3];
    for (int t = 16; t < 64; ++t) {
      const std::uint32_t far = w[t - 15], near = w[t - 2];
      w[t] = w[t - 16] + w[t - 7] + (rotate(far, 7) ^ rotate(far, 18) ^ far >> 3) +
             (rotate(near, 17) ^ rotate(near, 19) ^ near >> 10);
    }
    std::uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
    std::uint32_t e = state_[4], f = state_[5], g = state_[6], h = state_[7];
    for (int t = 0; t < 64; ++t) {
      const std::uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                                  ((e & f) ^ (~e & g)) + constants[t] + w[t];
      const std::uint32_t second =
          (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + first;
      d = c, c = b, b = a, a = first + second;
    }
    const std::uint32_t rounds[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; ++i) state_[i] += rounds[i];
  }

  // Section 4.2.2.
  static constexpr std::uint32_t constants[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

  std::uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint8_t block_[block_bytes];
  std::size_t filled_ = 0;
  std::uint64_t total_ = 0;
};

#endif
