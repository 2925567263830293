// RUN: not lmc opt %s -p hard-silu 2>&1 | filecheck %s

// CHECK: ssm.silu %y: this is an integer op already; run hard-silu before quantize
ssm.table @silu function "silu" {segments = 4 : i64, shift = 2 : i64, low = -8 : i64, slope_frac = 4 : i64}
  : !ssm.fixed<5, 2> to !ssm.fixed<6, 3>
func.func @f(%x: tensor<8x!ssm.fixed<5, 2>>) {
  %y = ssm.silu %x table @silu : (tensor<8x!ssm.fixed<5, 2>>) -> tensor<8x!ssm.fixed<6, 3>>
  func.return
}
