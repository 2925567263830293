// RUN: not lmc opt %s -p piecewise-silu 2>&1 | filecheck %s

// CHECK: ssm.silu %y: this is a float op; run piecewise-silu after quantize
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = ssm.silu %x : (tensor<8xf32>) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}
