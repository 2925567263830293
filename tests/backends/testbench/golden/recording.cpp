// The kernels of the design and the streams between them, for a C simulation that
// records the vectors of the kernels' testbenches.
#include "../hls/small.h"
#include "../testbench/recorder.h"

namespace streams {
static lmc::RecordedStream<ap_uint<512>> words(16, "words");
}  // namespace streams

static lmc::VectorFile reader_file("reader", "9886e0fe9f06bdcb");
static const bool reader_registered = lmc::sim::register_kernel(
    "reader", 2, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(reader_file);
  const auto prompt = record.reads<ap_uint<512>>(launch.pointer(0), 0);
  record.output(streams::words);
  record.run([&] {
    reader(prompt, streams::words.producer());
  });
});

static lmc::VectorFile writer_file("writer", "7d725db806b49cd1");
static const bool writer_registered = lmc::sim::register_kernel(
    "writer", 2, []([[maybe_unused]] const lmc::sim::args& launch) {
  lmc::RecordedLaunch record(writer_file);
  record.input(streams::words);
  const auto logits = record.writes<ap_uint<512>>(launch.pointer(1));
  record.run([&] {
    writer(streams::words.consumer(), logits);
  });
});
