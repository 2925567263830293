// Runs the two kernels through XRT's API, with rounds for each from the command line, and prints
// the last state, twice: a design can be launched again.
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_kernel.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

int main(int, char** argv) {
  const int rows = 16;
  xrt::device device(0);
  const xrt::uuid uuid = device.load_xclbin("design.xclbin");
  xrt::kernel matrix(device, uuid, "matrix");
  xrt::kernel vector_unit(device, uuid, "vector_unit");
  xrt::bo weights(device, 128, matrix.group_id(0));
  xrt::bo first(device, 16, vector_unit.group_id(0));
  xrt::bo last(device, 16, vector_unit.group_id(1));
  for (int i = 0; i < 128; ++i) weights.map<uint8_t*>()[i] = uint8_t(i * 73 + 41);
  for (int i = 0; i < 16; ++i) first.map<int8_t*>()[i] = int8_t(i * 29 - 100);
  weights.sync(XCL_BO_SYNC_BO_TO_DEVICE);
  first.sync(XCL_BO_SYNC_BO_TO_DEVICE);

  xrt::run matrix_run(matrix), vector_run(vector_unit);
  matrix_run.set_arg(0, weights);
  matrix_run.set_arg(3, rows);
  matrix_run.set_arg(4, std::atoi(argv[1]));
  vector_run.set_arg(0, first);
  vector_run.set_arg(1, last);
  vector_run.set_arg(4, std::atoi(argv[2]));
  for (int launch = 0; launch < 2; ++launch) {
    vector_run.start();
    matrix_run.start();
    vector_run.wait();
    matrix_run.wait();
    last.sync(XCL_BO_SYNC_BO_FROM_DEVICE);
    for (int i = 0; i < 16; ++i) std::printf("%d ", last.map<int8_t*>()[i]);
    std::printf("\n");
  }
}
