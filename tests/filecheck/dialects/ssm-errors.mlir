// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: the recipe of weight @w does not begin with load
ssm.weight @w : tensor<4xf32> = [#ssm.step<neg_exp>]

// -----
// CHECK: the options of a recipe step are a dictionary
ssm.weight @w : tensor<4xf32> = [#ssm.step<load, 3 : i64>]

// -----
// CHECK: !ssm.fixed takes 3 integers, found 1
func.func @f(%x: tensor<4x!ssm.fixed<16>>) { func.return }

// -----
// CHECK: weights have 2 to 8 bits, not 1
func.func @f(%x: tensor<4x!ssm.wint<1, 4, 8, 3, 0>>) { func.return }

// -----
// CHECK: ssm.add needs equal shapes
func.func @f(%x: tensor<4xf32>, %y: tensor<3xf32>) {
  %z = ssm.add %x, %y : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  func.return
}

// -----
// CHECK: an integer linear takes blocks, or fixed point with mul 1 and at most 16 bits, not !ssm.fixed<17, 4>
func.func @f(%x: tensor<4x!ssm.fixed<17, 4>>) {
  %z = ssm.linear %x, @w : (tensor<4x!ssm.fixed<17, 4>>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: an integer linear takes blocks, or fixed point with mul 1 and at most 16 bits, not !ssm.fixed<8, 4, 200>
func.func @f(%x: tensor<4x!ssm.fixed<8, 4, 200>>) {
  %z = ssm.linear %x, @w : (tensor<4x!ssm.fixed<8, 4, 200>>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: an integer linear takes blocks, or fixed point with mul 1 and at most 16 bits, not f32
func.func @f(%x: tensor<4xf32>) {
  %z = ssm.linear %x, @w : (tensor<4xf32>) -> tensor<3x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: the runs of the order make up pieces of [3, 1], not [2, 2] elements
func.func @f(%x: tensor<4xf32>) {
  %a, %b = ssm.split %x order <0: 1, 1: 1, 0: 2> : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  func.return
}

// -----
// CHECK: pieces [2, 1] do not make up 4 elements
func.func @f(%x: tensor<4xf32>) {
  %a, %b = ssm.split %x : (tensor<4xf32>) -> (tensor<2xf32>, tensor<1xf32>)
  func.return
}

// -----
// CHECK: a split does not change the number format
func.func @f(%x: tensor<4xf32>) {
  %a, %b = ssm.split %x : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2x!ssm.fixed<8, 4>>)
  func.return
}

// -----
// CHECK: the conv state changes its type
func.func @f(%x: tensor<4xf32>, %s: tensor<4x3xf32>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<4x3xf32>) -> (tensor<4xf32>, tensor<4x2xf32>)
  func.return
}

// -----
// CHECK: the conv state and the input differ in channels
func.func @f(%x: tensor<4xf32>, %s: tensor<5x3xf32>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<5x3xf32>) -> (tensor<4xf32>, tensor<5x3xf32>)
  func.return
}

// -----
// CHECK: the conv state has the input's number format
func.func @f(%x: tensor<4xf32>, %s: tensor<4x3x!ssm.fixed<8, 4>>) {
  %a, %b = ssm.causal_conv1d_step %x, %s, @w : (tensor<4xf32>, tensor<4x3x!ssm.fixed<8, 4>>) -> (tensor<4xf32>, tensor<4x3x!ssm.fixed<8, 4>>)
  func.return
}

// -----
// CHECK: an integer ssm.silu needs a table
func.func @f(%x: tensor<4x!ssm.fixed<8, 4>>) {
  %a = ssm.silu %x : (tensor<4x!ssm.fixed<8, 4>>) -> tensor<4x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: dt and the decay differ in their first dimension
func.func @f(%x: tensor<4xf32>) {
  %a = ssm.decay %x, @w : (tensor<4xf32>) -> tensor<3xf32>
  func.return
}

// -----
// CHECK: the state (2, 4, 4) holds 8 channels, x has shape (7,)
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<7xf32>, %b: tensor<4xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<7xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<7xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----
// CHECK: B is not a multiple of the state size
func.func @f(%s: tensor<2x4x4xf32>, %h: tensor<2xf32>, %x: tensor<8xf32>, %b: tensor<6xf32>) {
  %y, %t = ssm.selective_state_update %s, %h, %h, %x, %b, %b, @d
    : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
  func.return
}

// -----
// CHECK: an integer state update has a block floating point state and a format dtx
func.func @f(%s: tensor<8x4xf32>, %a: tensor<8x4xf32>, %x: tensor<8xf32>, %b: tensor<4xf32>) {
  %y, %t = ssm.selective_state_update %s, %a, %x, %x, %b, %b, @d
    : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8x!ssm.fixed<16, 8>>, tensor<8x4xf32>)
  func.return
}

// -----
// CHECK: the norm's groups do not divide its operand
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.rms_scale %x eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<3xf32>
  func.return
}

// -----
// CHECK: an integer scale takes a pseudo-float factor
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>, %s: tensor<1x!ssm.fixed<8, 4>>) {
  %y = ssm.scale %x, %s : (tensor<8x!ssm.fixed<8, 4>>, tensor<1x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: there is no Hadamard matrix of order 6
func.func @f(%x: tensor<12xf32>) {
  %y = ssm.rotate %x block(6) : (tensor<12xf32>) -> tensor<12xf32>
  func.return
}

// -----
// CHECK: block 8 does not divide the operand
func.func @f(%x: tensor<12xf32>) {
  %y = ssm.rotate %x block(8) : (tensor<12xf32>) -> tensor<12xf32>
  func.return
}

// -----
// CHECK: unknown rounding down
func.func @f(%x: tensor<8x!ssm.fixed<8, 4>>) {
  %y = ssm.quantize %x rounding("down") : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.bfp<8, 8, 4>>
  func.return
}

// -----
// CHECK: ssm.quantize makes block floating point of fixed point
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.quantize %x rounding("up") : (tensor<8xf32>) -> tensor<8x!ssm.bfp<8, 8, 4>>
  func.return
}

// -----
// CHECK: ssm.requantize goes from fixed point to fixed point
func.func @f(%x: tensor<8xf32>) {
  %y = ssm.requantize %x : (tensor<8xf32>) -> tensor<8x!ssm.fixed<8, 4>>
  func.return
}

// -----
// CHECK: a stacked state has 3 layers, not 2
func.func @f(%h: tensor<8xf32>, %s: tensor<3x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<3x4xf32>) -> (tensor<8xf32>, tensor<3x4xf32>)
  func.return
}

// -----
// CHECK: the body's arguments do not match the operands
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<5xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<5xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----
// CHECK: the body does not yield what it takes
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a, %b = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x : tensor<8xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>, tensor<2x4xf32>)
  func.return
}

// -----
// CHECK: the results do not match the operands
func.func @f(%h: tensor<8xf32>, %s: tensor<2x4xf32>) {
  %a = ssm.layers %h, %s count(2) carried(1) {
  ^layer(%x: tensor<8xf32>, %t: tensor<4xf32>):
    ssm.yield %x, %t : tensor<8xf32>, tensor<4xf32>
  } : (tensor<8xf32>, tensor<2x4xf32>) -> (tensor<8xf32>)
  func.return
}
