// RUN: lmc opt %s -p 'optimize-weights{skip_random=false sequences=2 tokens=8}' | filecheck %s
// RUN: lmc opt %s -p 'optimize-weights' | filecheck %s --check-prefix SKIPPED
// RUN: not lmc opt %s -p 'optimize-weights{tokens=1}' 2>&1 | filecheck %s --check-prefix TOKENS
// RUN: not lmc opt %s -p 'optimize-weights{skip_random=false text="no.txt"}' 2>&1 | filecheck %s --check-prefix TEXT

// The error that is left, in percent of rounding's.
// CHECK:      lmc.optimized_weights = {tokens = 16 : i64, head = {{[0-9]+}} : i64}
// An embedding is rounded: nothing is multiplied by it.
// CHECK-NEXT: ssm.weight @embedding : tensor<256x192x!ssm.wint<8, 96, 8, 3, 20>> = [#ssm.step<load, {name = "backbone.embedding.weight"}>, #ssm.step<quantize, {clip = "mse"}>]
// Steps and type stay; the integers are a file named by its content.
// CHECK-NEXT: ssm.weight @head : tensor<256x192x!ssm.wint<4, 96, 8, 3, 16>> = [#ssm.step<load, {name = "lm_head.weight"}>, #ssm.step<artifact, {hashes = ["{{[0-9a-f]+}}"]}>]
// CHECK:      ssm.linear %x, @head

// SKIPPED:      lmc.optimized_weights = "skipped: random weights are clipped and rounded"
// SKIPPED:      ssm.weight @head : {{.*}}#ssm.step<quantize, {clip = "mse"}>]

// TOKENS: error: optimize-weights: sequences is at least 1 and tokens at least 2
// TEXT: error: there is no calibration text no.txt
builtin.module attributes {lmc.weights = "random:bookbyte-mamba1:0", lmc.config = {arch = "mamba1", vocab_size = 256 : i64, padded_vocab_size = 256 : i64, d_model = 192 : i64, n_layers = 8 : i64, d_inner = 384 : i64, d_state = 16 : i64, d_conv = 4 : i64, dt_rank = 12 : i64}} {
  ssm.weight @embedding : tensor<256x192x!ssm.wint<8, 96, 8, 3, 20>> = [#ssm.step<load, {name = "backbone.embedding.weight"}>, #ssm.step<quantize, {clip = "mse"}>]
  ssm.weight @head : tensor<256x192x!ssm.wint<4, 96, 8, 3, 16>> = [#ssm.step<load, {name = "lm_head.weight"}>, #ssm.step<quantize, {clip = "mse"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<256x!ssm.fixed<32, 24>> {
    %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<192x!ssm.fixed<24, 18>>
    %x = ssm.quantize %h rounding("up") : (tensor<192x!ssm.fixed<24, 18>>) -> tensor<192x!ssm.bfp<8, 32, 18>>
    %logits = ssm.linear %x, @head : (tensor<192x!ssm.bfp<8, 32, 18>>) -> tensor<256x!ssm.fixed<32, 24>>
    func.return %logits : tensor<256x!ssm.fixed<32, 24>>
  }
}
