// RUN: lmc opt --split-input-file %s -p derive-host | filecheck %s
// RUN: lmc opt --split-input-file %s -p derive-host | filecheck %s --check-prefix TEXT
// RUN: lmc opt --split-input-file %s -p derive-host | lmc opt --split-input-file - -p derive-host | filecheck %s

// Buffers are in the memories that the linker knows; images are filled, all else is cleared. Arguments go by their place in
// the kernel's signature, without streams.

builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "u280", clock_mhz = 225, port_bits = 512, lanes = [{memory = "HBM2", channel = 0, sets = 1}], side_port = {memory = "DDR4", channel = 0}}>} {
  // CHECK: host.program @d memories ["HBM[0]", "HBM[1]", {{.*}}, "HBM[31]", "DDR[0]", "DDR[1]"] {
  // CHECK-NEXT: %prompt = host.buffer @prompt bytes 4 each "prompt_token" in "DDR[0]"
  // CHECK-NEXT: %vectors = host.buffer @vectors bytes 128 in "HBM[3]"
  // CHECK-NEXT: %state = host.buffer @state bytes 512 in "HBM[3]"
  // CHECK-NEXT: %logits = host.buffer @logits bytes 128 each "logits_token" in "DDR[1]"
  // CHECK-NEXT: %tokens = host.buffer @tokens bytes 4 each "logits_token" in "DDR[1]"
  // CHECK-NEXT: host.fill %vectors from "vectors.bin"
  // CHECK-NEXT: host.token_loop text "ids" vocabulary 32 end_tokens [] {
  // CHECK-NEXT: host.clear %prompt
  // CHECK-NEXT: host.clear %state
  // CHECK-NEXT: host.clear %logits
  // CHECK-NEXT: host.clear %tokens
  // CHECK-NEXT: host.launch most_steps 128 {
  // CHECK-NEXT: %n_tokens = host.scalar @n_tokens
  // CHECK-NEXT: %n_prompt = host.scalar @n_prompt
  // CHECK-NEXT: %n_logits = host.scalar @n_logits
  // CHECK-NEXT: host.send "prompt" %prompt
  // CHECK-NEXT: host.run @first(0 = %n_tokens : ui32, 1 = %n_prompt : ui32, 2 = %prompt : !host.buffer, 4 = %vectors : !host.buffer, 5 = %state : !host.buffer)
  // CHECK-NEXT: host.run @last(1 = %state : !host.buffer, 2 = %logits : !host.buffer, 3 = %tokens : !host.buffer, 4 = %n_logits : ui32)
  // CHECK-NEXT: host.receive "tokens" %tokens
  // CHECK-NEXT: host.receive "logits" %logits
  // CHECK-NEXT: }
  ssm.weight @scale : tensor<32x!ssm.fixed<16, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @d {
    %n_tokens = dataflow.scalar @n_tokens examples [3, 4] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2, 1] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2, 4] : ui32
    %prompt = dataflow.bank @prompt "read" words 65536 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
    %vectors = dataflow.bank @vectors "read" words 2 in "HBM2" channel 3 layout [#dataflow.vector<@scale, lanes 16, bits 16>] : !dataflow.port<ui512>
    %state = dataflow.bank @state "read_write" words 8 in "HBM2" channel 3 layout [#dataflow.state<bits 16, count 128, layers 2>] : !dataflow.port<ui512>
    %logits = dataflow.bank @logits "write" words 2 in "DDR4" channel 1 layout [#dataflow.logits<words 2, length 32, lanes 4, bits 32, frac 20, mul 1>] : !dataflow.port<ui512>
    %tokens = dataflow.bank @tokens "write" words 65536 in "DDR4" channel 1 layout [#dataflow.tokens] : !dataflow.port<ui32>
    %x = dataflow.stream @x depth 16 : !dataflow.stream<ui32>
    dataflow.kernel @first(%n = %n_tokens : ui32, %m = %n_prompt : ui32, %p = %prompt : !dataflow.port<ui32>, %y = %x : !dataflow.stream<ui32>, %v = %vectors : !dataflow.port<ui512>, %s = %state : !dataflow.port<ui512>) {
    }
    dataflow.kernel @last(%y = %x : !dataflow.stream<ui32>, %s = %state : !dataflow.port<ui512>, %l = %logits : !dataflow.port<ui512>, %t = %tokens : !dataflow.port<ui32>, %n = %n_logits : ui32) {
    }
  }
}

// -----

// The bundled model's tokens are bytes; 0 ends its texts. A kernel may have two ports on one bank.
// TEXT: host.program @d memories ["DDR4"] {
// TEXT: %logits = host.buffer @logits bytes 1024 each "logits_token" in "DDR4"
// TEXT: host.token_loop text "bytes" vocabulary 256 end_tokens [0 : i64] {
// TEXT: host.run @all(0 = %n_tokens : ui32, 1 = %n_prompt : ui32, 2 = %n_logits : ui32, 3 = %prompt : !host.buffer, 4 = %logits : !host.buffer, 5 = %logits : !host.buffer, 6 = %tokens : !host.buffer)

builtin.module attributes {lmc.weights = "bookbyte-mamba2", lmc.allocation = #dataflow.allocation<{target = "kv260", clock_mhz = 250, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4"}}>} {
  dataflow.design @d {
    %n_tokens = dataflow.scalar @n_tokens examples [3, 4] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2, 1] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2, 4] : ui32
    %prompt = dataflow.bank @prompt "read" words 65536 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
    %logits = dataflow.bank @logits "write" words 16 in "DDR4" layout [#dataflow.logits<words 16, length 256, lanes 4, bits 32, frac 20, mul 1>] : !dataflow.port<ui512>
    %tokens = dataflow.bank @tokens "write" words 65536 in "DDR4" layout [#dataflow.tokens] : !dataflow.port<ui32>
    dataflow.kernel @all(%a = %n_tokens : ui32, %b = %n_prompt : ui32, %c = %n_logits : ui32, %p = %prompt : !dataflow.port<ui32>, %l = %logits : !dataflow.port<ui512>, %m = %logits : !dataflow.port<ui512>, %t = %tokens : !dataflow.port<ui32>) {
    }
  }
}
