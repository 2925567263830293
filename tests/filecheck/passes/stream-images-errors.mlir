// RUN: not lmc opt --split-input-file %s -p stream-images 2>&1 | filecheck %s

// CHECK: the weight vectors of layers are for 2, 3 layers: they share an image
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    %a = dataflow.weight_vector @a of @a count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
    %b = dataflow.weight_vector @b of @a count 5 lanes 4 layers 3 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: design some has no scalar n_tokens
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %a = dataflow.weight_vector @a of @a count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: the module has no allocation: run allocate-resources first
builtin.module attributes {} {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    %a = dataflow.weight_vector @a of @a count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
  }
}
