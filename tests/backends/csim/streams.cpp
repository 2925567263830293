// Streams and tasks in situations that the first argument names.
#include <lmc_task.h>
#include <xrt_sim.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <string>

using stream = hls::stream<int>;

static hls::stream<int> global("global");

static void produce(stream& out, int count) {
  for (int i = 0; i < count; ++i) out.write(i);
}

static void consume(stream& in, int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) {
    const int value = in.read();
    if (value != i) std::printf("value %d where %d was written\n", value, i);
    sum += value;
  }
  std::printf("sum %ld\n", sum);
}

static void consume_rest(stream& in, int first, int last) {
  for (int i = first; i < last; ++i) {
    if (in.read() != i) std::printf("value %d is lost\n", i);
  }
  std::printf("%d values, max %d of %d\n", last, int(in.max_occupancy()), in.depth());
}

static void produce_both(stream& x, stream& y, int count) {
  produce(x, count);
  produce(y, count);
}

static void consume_both(stream& x, stream& y, int count) {
  consume(y, count);
  consume(x, count);
}

template <int N>
static void scale(stream& in, stream& out, const int* factors) {
  for (int i = 0; i < N; ++i) out.write(in.read() * factors[i]);
}

static void pipe(int written, int read) {
  hls::stream<int, 3> x("x");
  LMC_TASK(produce, x, written);
  LMC_TASK(consume, x, read);
  LMC_JOIN();
  std::printf("max %d of %d\n", int(x.max_occupancy()), x.depth());
}

static void fork_join(int count) {
  hls::stream<int, 2> x("x"), y("y");
  LMC_TASK(produce_both, x, y, count);
  LMC_TASK(consume_both, x, y, count);
  LMC_JOIN();
}

static void template_task() {
  hls::stream<int, 2> x("x"), y("y");
  const int ones[4] = {1, 1, 1, 1};
  LMC_TASK(produce, x, 4);
  LMC_TASK((scale<4>), x, y, ones);
  LMC_TASK(consume, y, 4);
  LMC_JOIN();
}

static void through_global() {
  LMC_TASK(produce_both, global, global, 4);
  LMC_TASK(consume, global, 4);
  LMC_TASK(consume, global, 4);
  LMC_JOIN();
}

/// Grows while values are in it that were not the first ones.
static void very_deep() {
  static hls::stream<int, 2147483647> x("x");
  int written = 0, read = 0;
  for (const int count : {10, 40, 3, 1000}) {
    for (int i = 0; i < count; ++i) x.write(written++);
    for (int i = 0; i < count / 2; ++i) {
      const int value = x.read();
      if (value != read++) std::printf("value %d where %d was written\n", value, read - 1);
    }
  }
  consume_rest(x, read, written);
}

static void launch(void (*kernel)()) {
  lmc::sim::the_scheduler.spawn("top", "top", kernel);
  lmc::sim::run_started_kernels();
}

static void deadlock_then_go_on() {
  try {
    launch([] { fork_join(5); });
  } catch (const lmc::deadlock&) {
    std::printf("caught\n");
  }
  launch([] { pipe(100, 100); });
}

static void deeper_global() {
  const bool found = lmc::sim::the_scheduler.set_depth("global", 4);
  std::printf("found %d, depth %d, other %d\n", found, global.depth(),
              lmc::sim::the_scheduler.set_depth("other", 4));
  launch([] { produce(global, 4); consume(global, 4); });
}

static void forgotten_join() {
  static hls::stream<int, 1> x("x");
  LMC_TASK(produce, x, 3);
}

int main(int, char** argv) {
  const std::map<std::string, void (*)()> situations = {
      {"bounded", [] { launch([] { pipe(100, 100); }); }},
      {"very-deep", [] { launch(very_deep); }},
      {"test-bench", [] { pipe(10, 10); }},
      {"template", [] { launch(template_task); }},
      {"short-fifo", [] { launch([] { fork_join(5); }); }},
      {"one-too-many", [] { launch([] { pipe(4, 5); }); }},
      {"left-over", [] { launch([] { pipe(6, 4); }); }},
      {"credits", [] { global.allow_leftovers(); launch([] { produce(global, 2); }); }},
      {"left-global", [] { launch([] { produce(global, 2); }); }},
      {"two-readers", [] { launch(through_global); }},
      {"forgotten-join", [] { launch(forgotten_join); }},
      {"deadlock-then-go-on", deadlock_then_go_on},
      {"deeper-global", deeper_global},
      {"outside", [] { global.read(); }},
  };
  situations.at(argv[1])();
}
