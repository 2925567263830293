// RUN: lmc opt %s -p 'piecewise-silu{segments=16}' | filecheck %s
// RUN: lmc opt %s -p 'piecewise-silu{segments=1024}' | filecheck %s --check-prefix SAME
// RUN: not lmc opt %s -p 'piecewise-silu{segments=48}' 2>&1 | filecheck %s --check-prefix ODD
// RUN: not lmc opt %s -p 'piecewise-silu{segments=0}' 2>&1 | filecheck %s --check-prefix NONE

// Pieces are 64 times as long: the shift grows by 6. A table of another function stays.
// CHECK: ssm.table @silu function "silu" {segments = 16 : i64, shift = 11 : i64, low = -16384 : i64, slope_frac = 7 : i64}
// CHECK-NEXT: ssm.table @softplus function "softplus" {segments = 1024 : i64, shift = 5 : i64
// SAME: ssm.table @silu function "silu" {segments = 1024 : i64, shift = 5 : i64
// ODD: ssm.silu %y: 48 is not 1024, the pieces it has, by 1, 2, 4, ...
// NONE: ssm.silu %y: 0 is not 1024, the pieces it has, by 1, 2, 4, ...
ssm.table @silu function "silu" {segments = 1024 : i64, shift = 5 : i64, low = -16384 : i64, slope_frac = 7 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<16, 10>
ssm.table @softplus function "softplus" {segments = 1024 : i64, shift = 5 : i64, low = -16384 : i64, slope_frac = 7 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<16, 10>
func.func @f(%x: tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>> {
  %y = ssm.silu %x table @silu : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>>
  func.return %y : tensor<8x!ssm.fixed<16, 10>>
}
