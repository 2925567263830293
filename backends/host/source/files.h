// Files that the host program reads: token ids, and memory images with their checksums.
#ifndef LMC_HOST_FILES_H
#define LMC_HOST_FILES_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "errors.h"
#include "sha256.h"

// A file that is read from its beginning to its end; Failure names it where it cannot be.
class InputFile {
 public:
  explicit InputFile(const std::string &path)
      : path_(path), file_(std::fopen(path.c_str(), "rb"), std::fclose) {
    if (!file_) throw Failure("cannot read " + path_ + ": " + reason());
  }

  // At most `bytes` bytes into `data`; how many there were.
  std::size_t read(void *data, std::size_t bytes) {
    const std::size_t count = std::fread(data, 1, bytes, file_.get());
    if (std::ferror(file_.get())) throw Failure("cannot read " + path_ + ": " + reason());
    return count;
  }

  std::uint64_t size() {
    if (std::fseek(file_.get(), 0, SEEK_END) != 0) throw Failure("cannot read " + path_ + ": " + reason());
    const long end = std::ftell(file_.get());
    std::rewind(file_.get());
    return static_cast<std::uint64_t>(end);
  }

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> file_;
};

inline std::string read_text(const std::string &path) {
  InputFile file(path);
  std::string text;
  char part[1 << 16];
  while (const std::size_t count = file.read(part, sizeof(part))) text.append(part, count);
  return text;
}

// Token ids, 32-bit integers in little endian.
inline std::vector<std::uint32_t> read_ids(const std::string &path) {
  const std::string bytes = read_text(path);
  if (bytes.empty()) throw Failure(path + " is empty; a prompt has at least one token");
  if (bytes.size() % sizeof(std::uint32_t) != 0)
    throw Failure(path + " has " + std::to_string(bytes.size()) +
                  " bytes, which are not whole ids of 32 bits");
  std::vector<std::uint32_t> ids(bytes.size() / sizeof(std::uint32_t));
  std::memcpy(ids.data(), bytes.data(), bytes.size());
  return ids;
}

// The folder of images, with what `SHA256SUMS` in it says of them: a line `DIGEST  NAME` for each one, as sha256sum prints.
class Images {
 public:
  explicit Images(const std::string &folder) : folder_(folder) {
    const std::string text = read_text(folder_ + "/" + sums);
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      const std::string line = text.substr(start, end - start);
      if (line.size() <= digest_length + 2 || line.compare(digest_length, 2, "  ") != 0)
        throw Failure(folder_ + "/" + sums + " has a line that is no checksum: " + line);
      digests_[line.substr(digest_length + 2)] = line.substr(0, digest_length);
      start = end + 1;
    }
  }

  // Fills `data` with the image of a bank of `bytes` bytes; Failure unless it is the one that was compiled.
  void read(const std::string &bank, char *data, std::size_t bytes) const {
    const std::string name = bank + ".bin", path = folder_ + "/" + name;
    const auto expected = digests_.find(name);
    if (expected == digests_.end()) throw Failure(folder_ + "/" + sums + " does not name " + name);
    InputFile file(path);
    Sha256 sha;
    std::size_t done = 0;
    while (done < bytes) {
      const std::size_t count = file.read(data + done, std::min(bytes - done, std::size_t{1} << 20));
      if (count == 0)
        throw Failure(path + " ends after " + std::to_string(done) + " bytes of " +
                      std::to_string(bytes) + "; copy it again");
      sha.add(data + done, count);
      done += count;
    }
    char more;
    if (file.read(&more, 1) != 0)
      throw Failure(path + " has more than the " + std::to_string(bytes) + " bytes of its buffer; " +
                    "host program and images are of different designs");
    if (sha.digest() != expected->second)
      throw Failure(path + " is not what was compiled: its SHA-256 is not that of " + sums +
                    "; copy it again");
  }

 private:
  static constexpr const char *sums = "SHA256SUMS";
  static constexpr std::size_t digest_length = 64;

  std::string folder_;
  std::map<std::string, std::string> digests_;
};

#endif
