// RUN: not lmc opt --split-input-file %s -p 'lower-to-tasks' 2>&1 | filecheck %s
// RUN: not lmc opt %s -p 'lower-to-tasks{lanes=4}' 2>&1 | filecheck %s --check-prefix OPTION

// OPTION: error: pass lower-to-tasks has no option 'lanes'; it has none

// CHECK: lower-to-tasks takes a module with one function, found 0
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
}

// -----

// CHECK: linear layer @w is not quantized: run quantize first
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8xf32> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8xf32> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8xf32> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16xf32> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8xf32>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8xf32>):
      %o = ssm.linear %h, @w : (tensor<8xf32>) -> tensor<8xf32>
      %h_new = ssm.add %h, %o : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
      ssm.yield %h_new : tensor<8xf32>
    } : (tensor<8xf32>) -> (tensor<8xf32>)
    %logits = ssm.linear %last, @head : (tensor<8xf32>) -> tensor<16xf32>
    func.return %logits : tensor<16xf32>
  }
}

// -----

// CHECK: a model to lower has linear layers and one ssm.layers: run roll-layers first
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %last = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: linear layer @w: activation groups of 3 do not divide its 8 columns
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 3, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 3, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: linear layer @w: float scales are for study and have no hardware; choose others
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("nearest") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 22, 16>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 22, 16>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: linear layer @w: its static operand has 12 bits, and at most 8 can be lowered
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.requantize %h : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<12, 8>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.fixed<12, 8>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: the operand %q of a linear layer is not made for it alone by ssm.quantize or ssm.requantize
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.requantize %h : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<8, 4>>
      %p = ssm.linear %q, @w : (tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<32, 16>>
      %o = ssm.mul %p, %q : (tensor<8x!ssm.fixed<32, 16>>, tensor<8x!ssm.fixed<8, 4>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: linear layer @w can't give !ssm.fixed<16, 9, 200>: its result is the sum after a shift, at most 32 bits wide (run rewrite-power-of-two first)
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<16, 9, 200>>
      %r = ssm.requantize %o : (tensor<8x!ssm.fixed<16, 9, 200>>) -> tensor<8x!ssm.fixed<24, 14>>
      %h_new = ssm.add %h, %r : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: %q is quantized for one linear layer, but 2 ops use it
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %p = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %sum = ssm.add %o, %p : (tensor<8x!ssm.fixed<32, 16>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %sum : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: the operand %q of a linear layer is not made for it alone by ssm.quantize or ssm.requantize
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>, %q: tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: the embedding @embedding is !ssm.fixed<8, 6>: run quantize first
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.fixed<8, 6>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: ssm.gated_norm{{.*}}model.py:7): this op has no lowering; a plugin can add one with lmc.lowering.lowers
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @g : tensor<8xf32> = [#ssm.step<load, {name = "g"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %sum = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      %h_new = ssm.gated_norm %sum, %h, @g eps(1.0e-05 : f32) norm_group(8) : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<24, 14>> loc("model.py":7:0)
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: state %new is not what the layers yield for %c
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @k : tensor<8x4x!ssm.fixed<12, 10>> layers 2 = [#ssm.step<load, {name = "k.{layer}"}>]
  func.func @decode_step(%id: tensor<i32>, %conv: tensor<2x8x3x!ssm.fixed<24, 14>>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last, %conv_last = ssm.layers %embedded, %conv count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %c: tensor<8x3x!ssm.fixed<24, 14>>):
      %x, %new = ssm.causal_conv1d_step %h, %c, @k : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x3x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<8x3x!ssm.fixed<24, 14>>)
      %q = ssm.quantize %x rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new, %c : tensor<8x!ssm.fixed<24, 14>>, tensor<8x3x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>, tensor<2x8x3x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x8x3x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}

// -----

// CHECK: the layers carry 2 values; one residual stream can be lowered
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last, %other = ssm.layers %embedded, %embedded count(2) carried(2) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %g: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new, %g : tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}
