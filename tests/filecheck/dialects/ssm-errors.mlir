// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: ssm.weight @w: its recipe does not begin with load
ssm.weight @w : tensor<4xf32> = [#ssm.step<neg_exp>]

// -----

// CHECK: the options of a recipe step are a dictionary
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, 3 : i64>]

// -----

// CHECK: ssm.weight @w: there is no recipe step 'loda'; did you mean 'load'?
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {name = "w"}>, #ssm.step<loda, {name = "w"}>]

// -----

// CHECK: ssm.weight @w: recipe step load has no option 'nmae'; did you mean 'name'?
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {nmae = "w"}>]

// -----

// CHECK: ssm.weight @w: its elements are !ssm.fixed<8, 4>, so its recipe has a step of quantize or artifact
ssm.weight @w : tensor<4x!ssm.fixed<8, 4>> = [#ssm.step<load, {name = "w"}>]

// -----

// CHECK: ssm.weight @w: its recipe makes integers, but its elements are f32
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {name = "w"}>, #ssm.step<quantize>]

// -----

// CHECK: !ssm.fixed takes 3 integers, found 1
func.func @f(%x: tensor<4x!ssm.fixed<16>>) { func.return }

// -----

// CHECK: weights have 2 to 8 bits, not 1
func.func @f(%x: tensor<4x!ssm.wint<1, 4, 8, 3, 0>>) { func.return }

// -----

// CHECK: ssm.table @t: a table of silu has no option 'shfit'; did you mean 'shift'?
ssm.table @t function "silu" {segments = 64 : i64, shfit = 9 : i64, low = -16384 : i64, slope_frac = 9 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>

// -----

// CHECK: ssm.linear: its weight @nowhere is not in the module
func.func @f(%x: tensor<8xf32>) {
  %z = ssm.linear %x, @nowhere : (tensor<8xf32>) -> tensor<16xf32>
  func.return
}

// -----

// CHECK: ssm.linear: its weight @w has shape [99, 4], but [16, 8] is needed
ssm.weight @w : tensor<99x4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<8xf32>) {
  %z = ssm.linear %x, @w : (tensor<8xf32>) -> tensor<16xf32>
  func.return
}

// -----

// CHECK: ssm.linear: its weight @w has 2 layers, but is read outside of ssm.layers
ssm.weight @w : tensor<16x8xf32> layers 2 = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<8xf32>) {
  %z = ssm.linear %x, @w : (tensor<8xf32>) -> tensor<16xf32>
  func.return
}

// -----

// CHECK: ssm.linear: its weight @silu is an ssm.table, but an ssm.weight is needed
ssm.table @silu function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 9 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>
func.func @f(%x: tensor<8xf32>) {
  %z = ssm.linear %x, @silu : (tensor<8xf32>) -> tensor<16xf32>
  func.return
}

// -----

// CHECK: ssm.weight @w: the module has this symbol twice, first for ssm.weight
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {name = "w"}>]
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {name = "w"}>]

// -----

// CHECK: ssm.softplus: its table @silu is one of silu, but softplus is needed
ssm.table @silu function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 9 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>
func.func @f(%x: tensor<4x!ssm.fixed<16, 10>>) {
  %a = ssm.softplus %x table @silu : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<12, 8>>
  func.return
}

// -----

// CHECK: ssm.silu: its table @silu gives !ssm.fixed<12, 8>, but the result is !ssm.fixed<12, 7>
ssm.table @silu function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 9 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>
func.func @f(%x: tensor<4x!ssm.fixed<16, 10>>) {
  %a = ssm.silu %x table @silu : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<12, 7>>
  func.return
}

// -----

// CHECK: an integer ssm.silu needs a table of silu
func.func @f(%x: tensor<4x!ssm.fixed<8, 4>>) {
  %a = ssm.silu %x : (tensor<4x!ssm.fixed<8, 4>>) -> tensor<4x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: needs equal shapes: tensor<3xf32> has elements = 3, not 4 (in `%z = ssm.add %x, %y`)
func.func @f(%x: tensor<4xf32>, %y: tensor<3xf32>) {
  %z = ssm.add %x, %y : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: float and integer values do not mix: !ssm.fixed<8, 4> is not f32 (in `%z = ssm.add %x, %y`)
func.func @f(%x: tensor<4xf32>, %y: tensor<4x!ssm.fixed<8, 4>>) {
  %z = ssm.add %x, %y : (tensor<4xf32>, tensor<4x!ssm.fixed<8, 4>>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: ssm.add takes power-of-two scales (mul 1), but lhs has !ssm.fixed<8, 4, 200>
func.func @f(%x: tensor<4x!ssm.fixed<8, 4, 200>>) {
  %z = ssm.add %x, %x : (tensor<4x!ssm.fixed<8, 4, 200>>, tensor<4x!ssm.fixed<8, 4, 200>>) -> tensor<4x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: an integer ssm.linear takes blocks, or fixed point with mul 1 and at most 16 bits, not !ssm.fixed<17, 4>
ssm.weight @w : tensor<3x4x!ssm.wint<4, 4, 8, 3, 1>> = [#ssm.step<load, {name = "w"}>, #ssm.step<quantize>]
func.func @f(%x: tensor<4x!ssm.fixed<17, 4>>) {
  %z = ssm.linear %x, @w : (tensor<4x!ssm.fixed<17, 4>>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: an integer ssm.linear takes blocks, or fixed point with mul 1 and at most 16 bits, not !ssm.fixed<8, 4, 200>
ssm.weight @w : tensor<3x4x!ssm.wint<4, 4, 8, 3, 1>> = [#ssm.step<load, {name = "w"}>, #ssm.step<quantize>]
func.func @f(%x: tensor<4x!ssm.fixed<8, 4, 200>>) {
  %z = ssm.linear %x, @w : (tensor<4x!ssm.fixed<8, 4, 200>>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: ssm.linear: its weight @w holds f32, but !ssm.wint is needed
ssm.weight @w : tensor<3x4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<4x!ssm.fixed<8, 4>>) {
  %z = ssm.linear %x, @w : (tensor<4x!ssm.fixed<8, 4>>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: ssm.split: the runs of its order make up pieces of [3, 1], not [2, 2] elements
func.func @f(%x: tensor<4xf32>) {
  %a, %b = ssm.split %x order <0: 1, 1: 1, 0: 2> : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  func.return
}

// -----

// CHECK: ssm.split: pieces [2, 1] do not make up 4 elements
func.func @f(%x: tensor<4xf32>) {
  %a, %b = ssm.split %x : (tensor<4xf32>) -> (tensor<2xf32>, tensor<1xf32>)
  func.return
}

// -----

// CHECK: ssm.split does not change the number format
func.func @f(%x: tensor<4x!ssm.fixed<8, 3>>) {
  %a, %b = ssm.split %x : (tensor<4x!ssm.fixed<8, 3>>) -> (tensor<2x!ssm.fixed<8, 3>>, tensor<2x!ssm.fixed<8, 4>>)
  func.return
}

// -----

// CHECK: needs equal shapes: tensor<4x2xf32> has state taps = 2, not 3
ssm.weight @w : tensor<4x4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<4xf32>, %s: tensor<4x3xf32>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<4x3xf32>) -> (tensor<4xf32>, tensor<4x2xf32>)
  func.return
}

// -----

// CHECK: needs equal shapes: tensor<5x3xf32> has channels = 5, not 4
ssm.weight @w : tensor<4x4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<4xf32>, %s: tensor<5x3xf32>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<5x3xf32>) -> (tensor<4xf32>, tensor<5x3xf32>)
  func.return
}

// -----

// CHECK: ssm.causal_conv1d_step: its weight @w has shape [4, 4], but [4, 3] is needed
ssm.weight @w : tensor<4x4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<4xf32>, %s: tensor<4x2xf32>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<4x2xf32>) -> (tensor<4xf32>, tensor<4x2xf32>)
  func.return
}

// -----

// CHECK: ssm.causal_conv1d_step: the conv state has the input's number format !ssm.fixed<8, 5>, not !ssm.fixed<8, 4>
ssm.weight @w : tensor<4x4x!ssm.fixed<8, 4>> = [#ssm.step<load, {name = "w"}>, #ssm.step<quantize>]
func.func @f(%x: tensor<4x!ssm.fixed<8, 5>>, %s: tensor<4x3x!ssm.fixed<8, 4>>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4x!ssm.fixed<8, 5>>, tensor<4x3x!ssm.fixed<8, 4>>) -> (tensor<4x!ssm.fixed<8, 5>>, tensor<4x3x!ssm.fixed<8, 4>>)
  func.return
}

// -----

// CHECK: needs equal shapes: tensor<3xf32> has channels or heads = 3, not 4
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%x: tensor<4xf32>) {
  %a = ssm.decay %x, @w : (tensor<4xf32>) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: ssm.selective_state_update: for the state [2, 4, 4], x has shape [8], not [7]
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<7xf32>, %b: tensor<4xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<7xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<7xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----

// CHECK: ssm.selective_state_update: B and C of 6 elements are no groups of 4 that 2 heads share
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<8xf32>, %b: tensor<6xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----

// CHECK: ssm.selective_state_update: B and C of 12 elements are no groups of 4 that 2 heads share
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<8xf32>, %b: tensor<12xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<12xf32>, tensor<12xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----

// CHECK: a float ssm.selective_state_update has no dtx
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<8xf32>, %b: tensor<4xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d dtx !ssm.fixed<16, 8>
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----

// CHECK: a format !ssm.fixed is needed, not "hello" (in `%y, %t = {{.*}}ssm.selective_state_update
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "w"}>]
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<8xf32>, %b: tensor<4xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d dtx "hello"
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----

// CHECK: ssm.rms_scale: its 3 groups do not divide 8 elements
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.rms_scale %x eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: a positive number of type f32 or f64 is needed, not 0.000000e+00 : f32 (in `%y = ssm.rms_scale
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.rms_scale %x eps(0.0 : f32) : (tensor<8xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: elements are f32 or !ssm.pfloat here, not !ssm.fixed<8, 4> (in `%y = ssm.scale %x, %s`)
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>, %s: tensor<1x!ssm.fixed<8, 4>>) {
  %y = ssm.scale %x, %s : (tensor<8x!ssm.fixed<8, 4>>, tensor<1x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: ssm.rotate: there is no Hadamard matrix of order 6
func.func @f(%x: tensor<12xf32>) {
  %y = ssm.rotate %x block(6) : (tensor<12xf32>) -> tensor<12xf32>
  func.return
}

// -----

// CHECK: ssm.rotate: block 8 does not divide 12 elements
func.func @f(%x: tensor<12xf32>) {
  %y = ssm.rotate %x block(8) : (tensor<12xf32>) -> tensor<12xf32>
  func.return
}

// -----

// CHECK: ssm.rotate: sums of 8 elements of !ssm.fixed<8, 4> have 11 bits, the result has 10
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>) {
  %y = ssm.rotate %x block(8) : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<10, 4>>
  func.return
}

// -----

// CHECK: a rounding, one of up, nearest, is needed, not "down" (in `%y = ssm.quantize
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>) {
  %y = ssm.quantize %x rounding("down") : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.bfp<8, 8, 4>>
  func.return
}

// -----

// CHECK: a format !ssm.fixed is needed, not f32 (in `%y = ssm.quantize
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.quantize %x rounding("up") : (tensor<8xf32>) -> tensor<8x!ssm.bfp<8, 8, 4>>
  func.return
}

// -----

// CHECK: ssm.quantize: groups of 3 do not divide 8 elements
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>) {
  %y = ssm.quantize %x rounding("up") : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.bfp<8, 3, 4>>
  func.return
}

// -----

// CHECK: a format !ssm.fixed is needed, not f32 (in `%y = ssm.requantize
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.requantize %x : (tensor<8xf32>) -> tensor<8x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: ssm.layers: a stacked state has 3 layers, not 2
func.func @f(%h: tensor<8xf32>, %s: tensor<3x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<3x4xf32>) -> (tensor<8xf32>, tensor<3x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers: the body's arguments are (tensor<8xf32>, tensor<5xf32>), but its operands ask for (tensor<8xf32>, tensor<4xf32>)
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<5xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<5xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers: the body takes (tensor<8xf32>, tensor<4xf32>), but yields (tensor<8xf32>)
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x : tensor<8xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers: the results are (tensor<8xf32>), but the operands (tensor<8xf32>, tensor<2x4xf32>)
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>)
  func.return
}

// -----

// CHECK: ssm.layers: ssm.silu in the body reads a value from outside
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    %o = ssm.silu %h : (tensor<8xf32>) -> tensor<8xf32>
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers carries 3 values, but has 2 operands
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(3) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers gives classes to 3 layers, but counts 2
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) classes [0, 1, 2] {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: ssm.layers numbers the classes of its layers [0, 2], not from 0 in their order
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) classes [0, 2] {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----

// CHECK: builtin.module has the attribute lmc.confg, which lmc does not know; did you mean 'lmc.config'?
builtin.module attributes {lmc.confg = "x"} {}

// -----

// CHECK: builtin.module: lmc.passes: a list of pipeline texts is needed, not "quantize"
builtin.module attributes {lmc.passes = "quantize"} {}

// -----

// CHECK: ssm.silu %y has the attribute lmc.group, which lmc does not know; did you mean 'lmc.module'?
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.silu %x {lmc.group = "one"} : (tensor<8xf32>) -> tensor<8xf32>
  func.return
}

// -----

// CHECK: ssm.silu has the attribute 'tabel', which it does not take; did you mean 'table'?
ssm.table @t function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 9 : i64}
  : !ssm.fixed<8, 4> to !ssm.fixed<8, 4>
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>) {
  %y = ssm.silu %x table @t {tabel = @t} : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<8, 4>>
  func.return
}

// -----

// CHECK: func.func @f: a decode step takes one id, tensor<i32>, as its first argument, not (tensor<8xf32>, tensor<i32>)
func.func @f(%x: tensor<8xf32>, %id: tensor<i32>) -> tensor<8xf32> {
  %y = ssm.silu %x : (tensor<8xf32>) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}
