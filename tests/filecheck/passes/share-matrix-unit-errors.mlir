// RUN: not lmc opt --split-input-file %s -p share-matrix-unit 2>&1 | filecheck %s

// CHECK: the matrix unit has lanes with [1, 1] sets of rows, and the allocation ports for [1]
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    dataflow.matrix_unit sets [1, 1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: products on one matrix unit have equal lanes, not 2, 4
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %z = dataflow.stream @z : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
    %v = dataflow.matrix_vector @v of @w %z rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 2 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui32>
  }
}

// -----

// CHECK: products on one matrix unit have equal layers, not 1, 2
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %z = dataflow.stream @z : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
    %v = dataflow.matrix_vector @v of @w %z rows 8 columns 8 group 8 block 8 planes [1] sums 44 shift 19 left 0 lanes 4 layers 1 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: design some has no scalar n_tokens
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: the module has no allocation: run allocate-resources first
builtin.module attributes {} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}
