// RUN: not lmc opt %s -p rewrite-power-of-two 2>&1 | filecheck %s

// CHECK: hard.silu %y: the product would need 73 bits and 63 are supported
func.func @f(%x: tensor<8x!ssm.fixed<40, 30>>) {
  %y = hard.silu %x knee(1) : (tensor<8x!ssm.fixed<40, 30>>) -> tensor<8x!ssm.fixed<40, 30>>
  func.return
}
