// RUN: lmc opt %s -p 'hard-silu{knee=2}' | filecheck %s
// RUN: lmc opt %s -p 'hard-silu{knee=2}' | lmc opt - | filecheck %s

// The op takes the place of a silu, keeps its name, and is read from text again.
// CHECK: %y = hard.silu %x knee(2) : (tensor<8xf32>) -> tensor<8xf32>
// CHECK-NOT: ssm.silu
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = ssm.silu %x : (tensor<8xf32>) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}
