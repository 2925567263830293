// RUN: lmc opt %s | filecheck %s
// RUN: lmc opt %s | lmc opt | filecheck %s

// Every op prints as it parses; the program is that of the design before it.

ssm.weight @scale : tensor<32x!ssm.fixed<16, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
dataflow.design @d {
  %n_tokens = dataflow.scalar @n_tokens examples [3, 4] : ui32
  %n_prompt = dataflow.scalar @n_prompt examples [2, 1] : ui32
  %n_logits = dataflow.scalar @n_logits examples [2, 4] : ui32
  %prompt = dataflow.bank @prompt "read" words 65536 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
  %vectors = dataflow.bank @vectors "read" words 2 in "LPDDR4" layout [#dataflow.vector<@scale, lanes 16, bits 16>] : !dataflow.port<ui512>
  %state = dataflow.bank @state "read_write" words 8 in "DDR4" layout [#dataflow.state<bits 16, count 128, layers 2>] : !dataflow.port<ui512>
  %tokens = dataflow.bank @tokens "write" words 65536 in "DDR4" layout [#dataflow.tokens] : !dataflow.port<ui32>
  %logits = dataflow.bank @logits "write" words 16 in "DDR4" layout [#dataflow.logits<words 16, length 256, lanes 4, bits 32, frac 20, mul 1>] : !dataflow.port<ui512>
  dataflow.kernel @all(%n = %n_tokens : ui32, %m = %n_prompt : ui32, %l = %n_logits : ui32, %p = %prompt : !dataflow.port<ui32>, %v = %vectors : !dataflow.port<ui512>, %s = %state : !dataflow.port<ui512>, %t = %tokens : !dataflow.port<ui32>, %g = %logits : !dataflow.port<ui512>) {
  }
}
// CHECK: host.program @d memories ["DDR", "LPDDR"] {
host.program @d memories ["DDR", "LPDDR"] {
  // CHECK-NEXT: %prompt = host.buffer @prompt bytes 4 each "prompt_token" in "DDR"
  %prompt = host.buffer @prompt bytes 4 each "prompt_token" in "DDR"
  // CHECK-NEXT: %vectors = host.buffer @vectors bytes 128 in "LPDDR"
  %vectors = host.buffer @vectors bytes 128 in "LPDDR"
  // CHECK-NEXT: %state = host.buffer @state bytes 512 in "DDR"
  %state = host.buffer @state bytes 512 in "DDR"
  // CHECK-NEXT: %tokens = host.buffer @tokens bytes 4 each "logits_token" in "DDR"
  %tokens = host.buffer @tokens bytes 4 each "logits_token" in "DDR"
  // CHECK-NEXT: %logits = host.buffer @logits bytes 1024 each "logits_token" in "DDR"
  %logits = host.buffer @logits bytes 1024 each "logits_token" in "DDR"
  // CHECK-NEXT: host.fill %vectors from "vectors.bin"
  host.fill %vectors from "vectors.bin"
  // CHECK-NEXT: host.token_loop text "bytes" vocabulary 256 end_tokens [0 : i64] {
  host.token_loop text "bytes" vocabulary 256 end_tokens [0 : i64] {
    // CHECK-NEXT: host.clear %prompt
    host.clear %prompt
    // CHECK-NEXT: host.clear %state
    host.clear %state
    // CHECK-NEXT: host.clear %tokens
    host.clear %tokens
    // CHECK-NEXT: host.clear %logits
    host.clear %logits
    // CHECK-NEXT: host.launch most_steps 128 {
    host.launch most_steps 128 {
      // CHECK-NEXT: %n_tokens = host.scalar @n_tokens
      %n_tokens = host.scalar @n_tokens
      // CHECK-NEXT: %n_prompt = host.scalar @n_prompt
      %n_prompt = host.scalar @n_prompt
      // CHECK-NEXT: %n_logits = host.scalar @n_logits
      %n_logits = host.scalar @n_logits
      // CHECK-NEXT: host.send "prompt" %prompt
      host.send "prompt" %prompt
      // CHECK-NEXT: host.run @all(0 = %n_tokens : ui32, 1 = %n_prompt : ui32, 2 = %n_logits : ui32, 3 = %prompt : !host.buffer, 4 = %vectors : !host.buffer, 5 = %state : !host.buffer, 6 = %tokens : !host.buffer, 7 = %logits : !host.buffer)
      host.run @all(0 = %n_tokens : ui32, 1 = %n_prompt : ui32, 2 = %n_logits : ui32, 3 = %prompt : !host.buffer, 4 = %vectors : !host.buffer, 5 = %state : !host.buffer, 6 = %tokens : !host.buffer, 7 = %logits : !host.buffer)
      // CHECK-NEXT: host.receive "tokens" %tokens
      host.receive "tokens" %tokens
      // CHECK-NEXT: host.receive "logits" %logits
      host.receive "logits" %logits
    // CHECK-NEXT: }
    }
  // CHECK-NEXT: }
  }
// CHECK-NEXT: }
}
