// Launches the design of every_op.py: words of pairs from standard input, results to standard output.
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_kernel.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

int main(int, char** argv) {
  const int tokens = std::atoi(argv[1]);
  const size_t bytes = 32 * size_t(tokens), result_bytes = 60 * 8 * size_t(tokens);
  xrt::device device(0);
  const xrt::uuid uuid = device.load_xclbin("design.xclbin");
  xrt::kernel reader(device, uuid, "reader");
  xrt::kernel compute(device, uuid, "compute");
  xrt::bo pairs(device, bytes, reader.group_id(1));
  xrt::bo results(device, result_bytes, compute.group_id(2));
  if (std::fread(pairs.map<uint8_t*>(), 1, bytes, stdin) != bytes) return 1;
  pairs.sync(XCL_BO_SYNC_BO_TO_DEVICE);
  xrt::run reader_run(reader), compute_run(compute);
  reader_run.set_arg(0, tokens);
  reader_run.set_arg(1, pairs);
  compute_run.set_arg(0, tokens);
  compute_run.set_arg(2, results);
  reader_run.start();
  compute_run.start();
  reader_run.wait();
  compute_run.wait();
  results.sync(XCL_BO_SYNC_BO_FROM_DEVICE);
  std::fwrite(results.map<uint8_t*>(), 1, result_bytes, stdout);
}
