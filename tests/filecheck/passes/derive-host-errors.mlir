// RUN: not lmc opt --split-input-file %s -p derive-host 2>&1 | filecheck %s

// CHECK: error: the module has no allocation: run allocate-resources first
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<si8>
  }
}

// -----

// CHECK: the design has no memory image of kind prompt
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "kv260", clock_mhz = 250, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  dataflow.design @d {
    %logits = dataflow.bank @logits "write" words 16 in "DDR4" layout [#dataflow.logits<words 16, length 256, lanes 4, bits 32, frac 20, mul 1>] : !dataflow.port<ui512>
    dataflow.kernel @k(%l = %logits : !dataflow.port<ui512>) {
    }
  }
}

// -----

// CHECK: memory image words has no layout, so nothing can fill it
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "kv260", clock_mhz = 250, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  dataflow.design @d {
    %words = dataflow.bank @words "write" words 16 in "DDR4" : !dataflow.port<ui512>
    dataflow.kernel @k(%l = %words : !dataflow.port<ui512>) {
    }
  }
}

// -----

// CHECK: a launch has the scalars n_tokens, n_prompt, n_logits, not none
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "kv260", clock_mhz = 250, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  dataflow.design @d {
    %prompt = dataflow.bank @prompt "read" words 65536 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
    %logits = dataflow.bank @logits "write" words 16 in "DDR4" layout [#dataflow.logits<words 16, length 256, lanes 4, bits 32, frac 20, mul 1>] : !dataflow.port<ui512>
    %tokens = dataflow.bank @tokens "write" words 65536 in "DDR4" layout [#dataflow.tokens] : !dataflow.port<ui32>
    dataflow.kernel @k(%p = %prompt : !dataflow.port<ui32>, %l = %logits : !dataflow.port<ui512>, %t = %tokens : !dataflow.port<ui32>) {
    }
  }
}
