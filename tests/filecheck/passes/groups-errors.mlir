// What follows values from op to op does not look into groups.
// RUN: not lmc opt %s -p 'reorder-computation' 2>&1 | filecheck %s --check-prefix=REORDER
// RUN: not lmc opt %s -p 'rewrite-power-of-two' 2>&1 | filecheck %s --check-prefix=POWER
// RUN: not lmc opt %s -p 'optimize-weights' 2>&1 | filecheck %s --check-prefix=OPTIMIZE
// RUN: not lmc opt %s -p 'fold-gated-scale' 2>&1 | filecheck %s --check-prefix=FOLD
// REORDER: ssm.fused %y: reorder-computation does not look into groups: run it before they are made
// POWER: ssm.fused %y: rewrite-power-of-two does not look into groups: run it before they are made
// OPTIMIZE: ssm.fused %y: optimize-weights does not look into groups: run it before they are made
// FOLD: ssm.fused %y: fold-gated-scale does not look into groups: run it before they are made
func.func @f(%x: tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 10>> {
  %y = ssm.fused(%x_1 = %x : tensor<4x!ssm.fixed<16, 10>>) {
    %square = ssm.mul %x_1, %x_1 : (tensor<4x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 10>>
    %y_1 = ssm.add %square, %x_1 : (tensor<4x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 10>>
    ssm.yield %y_1 : tensor<4x!ssm.fixed<16, 10>>
  } : tensor<4x!ssm.fixed<16, 10>>
  func.return %y : tensor<4x!ssm.fixed<16, 10>>
}
