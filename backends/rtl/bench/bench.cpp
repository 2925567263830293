// Runs launches of a design's RTL with memories of the documented model (docs/simulation.md).
//
//   bench FOLDER MOST_CYCLES MOST_STEPS SCALARS...
//
// A launch ends within MOST_CYCLES, and banks that hold something of each step have room for MOST_STEPS.
// Each of SCALARS is a launch: its scalars in the order of tables.h, with commas between them. Before
// launch N, banks are filled from FOLDER/N/BANK.bin where there is such a file; after it, banks that
// are written go to FOLDER/N/BANK.after. The state of the RTL stays between launches.
//
// With +hostile=SEED memories are worse than documented: they take requests when they like, pause at
// random, and answer after up to four times their latency. With +watch=BANK each word that is written
// to a bank is told at once, with its bytes in hexadecimal digits. With +waves=FILE, in a build that
// traces, all signals are written: cycle C of all those since the reset begins at C * 1000.
//
// Meters take the time, in cycles since the reset. A launch that is LATE has not ended within
// MOST_CYCLES; meters then say what tasks wait for.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "Vlmc_bench.h"
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
using Waves = VerilatedFstC;
#elif VM_TRACE
#include "verilated_vcd_c.h"
using Waves = VerilatedVcdC;
#endif

using Bytes = std::vector<uint8_t>;

// A task's port to a bank. Credit is in units in which a byte costs a whole number.
struct Port {
  const char *bank;
  int64_t bytes;
  bool writes;
  int64_t cost, latency, own_rate, own_cost, own_cap;
  CData *request, *request_ready;
  QData *offset;
  IData *length;
  CData *wants, *serve;
  void *data;
  CData *answer;

  int64_t own_credit = 0, place = 0, left = 0, from = 0, answer_at = -1;
  bool is_served = false;
  Bytes *memory = nullptr;
};

// What a hostile memory does, drawn from a seed; a polite one does nothing of it.
class Hostility {
 public:
  explicit Hostility(int64_t seed) : is_on_(seed >= 0), random_(static_cast<uint64_t>(seed)) {}

  // Whether something does not happen in this cycle. Stretches without a pause alternate with others.
  bool pauses() {
    if (!is_on_) return false;
    if (left_-- == 0) {
      left_ = 1 + random_() % 200;
      percent_ = std::vector<unsigned>{0, 20, 50, 90}[random_() % 4];
    }
    return random_() % 100 < percent_;
  }

  int64_t latency(int64_t documented) {
    return is_on_ ? static_cast<int64_t>(random_() % (4 * documented + 1)) : documented;
  }

 private:
  bool is_on_;
  std::mt19937_64 random_;
  uint64_t left_ = 0;
  unsigned percent_ = 0;
};

// Ports that share a channel's bandwidth.
struct Channel {
  int64_t rate, cap;
  std::vector<Port> ports;
  int64_t credit = 0;
  size_t turn = 0;
};

struct Bank {
  const char *name;
  size_t bytes;
  bool is_written, is_of_a_step;
};

struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] static void fail(const std::string &what) { throw Fault(what); }

#include "tables.h"

// What a run is asked for beside its launches.
struct Options {
  int64_t hostile = -1;
  std::string watch, waves;
};

class Bench {
 public:
  Bench(VerilatedContext &context, std::string folder, int64_t most, size_t steps, const Options &options)
      : context_(context),
        top_(&context),
        channels_(channels(top_)),
        folder_(std::move(folder)),
        most_(most),
        hostility_(options.hostile),
        watch_(options.watch) {
    open_waves(options.waves);
    for (const Bank &bank : banks())
      memories_[bank.name].assign(bank.bytes * (bank.is_of_a_step ? steps : 1), 0);
    for (Channel &channel : channels_)
      for (Port &port : channel.ports) port.memory = &memories_.at(port.bank);
    top_.rst = 1;
    top_.start = 0;
    for (int i = 0; i < 4; ++i) clock();
    top_.rst = 0;
  }

  // Whether the launch has ended.
  bool launch(size_t number, const std::vector<uint32_t> &scalars) {
    const std::string folder = folder_ + "/" + std::to_string(number) + "/";
    for (auto &[name, memory] : memories_) fill(folder + name + ".bin", memory);
    set_scalars(top_, scalars);
    for (Channel &channel : channels_) {
      channel.credit = channel.cap;
      channel.turn = 0;
      for (Port &port : channel.ports) {
        port.own_credit = port.own_cap;
        port.answer_at = -1;
      }
    }
    top_.start = 1;
    clock();
    top_.start = 0;
    std::printf("LAUNCH %llu\n", static_cast<unsigned long long>(context_.time()));
    int64_t now = 0;
    for (; !top_.done; ++now) {
      if (now == most_) {
        std::printf("LATE %lld\n", static_cast<long long>(now));
        return false;
      }
      for (Channel &channel : channels_) serve(channel, now);
      for (Channel &channel : channels_)
        for (Port &port : channel.ports) drive(port, now);
      clock();
    }
    std::printf("CYCLES %lld\n", static_cast<long long>(now));
    cycles_ += now;
    clock();  // what meters say of the last cycle
    for (const Channel &channel : channels_)
      for (const Port &port : channel.ports)
        if (port.left != 0) fail(std::string("words of a burst of bank ") + port.bank + " are left");
    for (const Bank &bank : banks()) {
      if (!bank.is_written) continue;
      const Bytes &memory = memories_.at(bank.name);
      std::ofstream file(folder + bank.name + ".after", std::ios::binary);
      file.write(reinterpret_cast<const char *>(memory.data()), memory.size());
      if (!file) fail("cannot write " + folder + bank.name + ".after");
    }
    return true;
  }

  int64_t cycles() const { return cycles_; }

  // Meters tell what they have seen, and waves are complete, after a fault too.
  ~Bench() {
    top_.final();
#if VM_TRACE
    waves_.close();
#endif
  }

 private:
  // What tasks ask for does not depend on what memories answer in the same cycle, so the outputs of
  // the last clock are those of this cycle.
  void clock() {
    top_.clk = 0;
    top_.eval();
    dump(500);
    top_.clk = 1;
    top_.eval();
    context_.timeInc(1);
    dump(0);
  }

#if VM_TRACE
  void open_waves(const std::string &path) {
    if (path.empty()) return;
    context_.traceEverOn(true);
    top_.trace(&waves_, 99);
    waves_.open(path.c_str());
    if (!waves_.isOpen()) fail("cannot write " + path);
  }

  void dump(uint64_t after) {
    if (waves_.isOpen()) waves_.dump(1000 * context_.time() + after);
  }

  Waves waves_;
#else
  void open_waves(const std::string &path) {
    if (!path.empty()) fail("this build writes no waves");
  }
  void dump(uint64_t) {}
#endif

  static void fill(const std::string &path, Bytes &memory) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return;
    Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.size() > memory.size()) fail(path + " is larger than its bank");
    std::copy(bytes.begin(), bytes.end(), memory.begin());
  }

  // A cycle of a channel: its ports that want a word are asked in turn while credit lasts.
  void serve(Channel &channel, int64_t now) {
    if (now) channel.credit = std::min(channel.cap, channel.credit + channel.rate);
    const size_t count = channel.ports.size(), start = channel.turn;
    for (Port &port : channel.ports) {
      if (now && port.own_rate) port.own_credit = std::min(port.own_cap, port.own_credit + port.own_rate);
      port.is_served = false;
    }
    for (size_t i = 0; i < count; ++i) {
      const size_t place = (start + i) % count;
      Port &port = channel.ports[place];
      if (port.left == 0 || now < port.from || !*port.wants) continue;
      if (hostility_.pauses()) continue;
      if (port.own_rate && port.own_credit < port.own_cost) continue;
      if (channel.credit < port.cost) return;
      channel.credit -= port.cost;
      port.own_credit -= port.own_cost;
      channel.turn = (place + 1) % count;
      port.is_served = true;
      if (--port.left == 0 && port.writes)
        port.answer_at = now + hostility_.latency(port.latency);
    }
  }

  // Moves a word if the port is served, and takes a request.
  void drive(Port &port, int64_t now) {
    *port.request_ready = !hostility_.pauses();
    *port.serve = port.is_served;
    if (port.is_served) {
      const size_t at = static_cast<size_t>(port.place) * port.bytes;
      if (port.place < 0 || at + port.bytes > port.memory->size())
        fail(std::string("word ") + std::to_string(port.place) + " is outside of bank " + port.bank);
      uint8_t *word = port.memory->data() + at;
      if (port.writes) {
        std::memcpy(word, port.data, port.bytes);
        if (watch_ == port.bank) tell(port, word);
      } else
        std::memcpy(port.data, word, port.bytes);
      ++port.place;
    }
    if (port.answer) *port.answer = port.answer_at == now;
    if (*port.request && *port.request_ready) {
      if (port.left != 0 || port.answer_at > now)
        fail(std::string("a request to bank ") + port.bank + " comes before the last one has ended");
      port.place = static_cast<int64_t>(*port.offset);
      port.left = *port.length;
      port.from = now + 1 + (port.writes ? 0 : hostility_.latency(port.latency));
    }
  }

  static void tell(const Port &port, const uint8_t *word) {
    std::printf("WORD %lld ", static_cast<long long>(port.place));
    for (int64_t i = 0; i < port.bytes; ++i) std::printf("%02x", word[i]);
    std::printf("\n");
    std::fflush(stdout);
  }

  VerilatedContext &context_;
  Vlmc_bench top_;
  std::vector<Channel> channels_;
  std::string folder_;
  int64_t most_, cycles_ = 0;
  Hostility hostility_;
  std::string watch_;
  std::map<std::string, Bytes> memories_;
};

// Whether all launches have ended.
static bool run(VerilatedContext &context, int argc, char **argv) {
  if (argc < 4) fail("bench takes FOLDER MOST_CYCLES MOST_STEPS SCALARS...");
  Options options;
  for (int i = 4; i < argc; ++i) {
    if (std::strncmp(argv[i], "+hostile=", 9) == 0) options.hostile = std::atoll(argv[i] + 9);
    if (std::strncmp(argv[i], "+watch=", 7) == 0) options.watch = argv[i] + 7;
    if (std::strncmp(argv[i], "+waves=", 7) == 0) options.waves = argv[i] + 7;
  }
  Bench bench(context, argv[1], std::atoll(argv[2]), static_cast<size_t>(std::atoll(argv[3])), options);
  bool has_ended = true;
  const std::clock_t begin = std::clock();
  for (int i = 4, number = 0; i < argc && has_ended; ++i) {
    if (argv[i][0] == '+') continue;
    std::vector<uint32_t> scalars;
    std::stringstream text(argv[i]);
    for (std::string one; std::getline(text, one, ',');)
      scalars.push_back(static_cast<uint32_t>(std::stoul(one)));
    has_ended = bench.launch(number++, scalars);
  }
  // Processor time: other work on the machine changes it little.
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::printf("SPEED %.0f\n", bench.cycles() / std::max(seconds, 1e-9));
  return has_ended;
}

int main(int argc, char **argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  try {
    return run(context, argc, argv) ? 0 : 1;
  } catch (const Fault &fault) {
    std::printf("FAULT %s\n", fault.what());
    return 1;
  }
}
