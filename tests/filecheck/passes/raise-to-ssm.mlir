// RUN: lmc opt --split-input-file %s -p 'raise-to-ssm' | filecheck %s

// A mixer is raised by its class and parameters, whatever operators it ran: here they are not even a mixer's.

// CHECK-LABEL: lmc.model = "mamba2"
// CHECK-NOT:   lmc.module_classes
// CHECK:       ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "backbone.embedding.weight"}>]
// CHECK-NEXT:  ssm.weight @norm_0 : tensor<4xf32>
// CHECK-NEXT:  ssm.weight @in_proj_0 : tensor<22x4xf32> = [#ssm.step<load, {name = "backbone.layers.0.mixer.in_proj.weight"}>]
// CHECK-NEXT:  ssm.weight @conv_weight_0 : tensor<12x3xf32> = [#ssm.step<load, {name = "backbone.layers.0.mixer.conv1d.weight"}>, #ssm.step<reshape, {shape = array<i64: 12, 3>}>]
// CHECK-NEXT:  ssm.weight @dt_bias_0 : tensor<2xf32>
// CHECK-NEXT:  ssm.weight @a_0 : tensor<2xf32> = [#ssm.step<load, {name = "backbone.layers.0.mixer.A_log"}>, #ssm.step<neg_exp>]
// CHECK-NEXT:  ssm.weight @d_0 : tensor<2xf32>
// CHECK-NEXT:  ssm.weight @gated_norm_0 : tensor<8xf32>
// CHECK-NEXT:  ssm.weight @out_proj_0 : tensor<4x8xf32>
// CHECK-NEXT:  ssm.weight @norm_f : tensor<4xf32>
// CHECK-NEXT:  ssm.weight @lm_head : tensor<16x4xf32> = [#ssm.step<load, {name = "backbone.embedding.weight"}>]
// CHECK:       func.func @decode_step(%[[ID:.*]]: tensor<i32>, %[[CONV:.*]]: tensor<12x2xf32>, %[[SSM:.*]]: tensor<2x4x2xf32>)
// CHECK-NEXT:    %[[H:.*]] = ssm.embedding %[[ID]], @embedding
// CHECK-NEXT:    %[[N:.*]] = ssm.rms_norm %[[H]], @norm_0 eps(1.000000e-05 : f64)
// CHECK-NEXT:    %[[P:.*]] = ssm.linear %[[N]], @in_proj_0 : (tensor<4xf32>) -> tensor<22xf32> loc("mixer.py":7:0)
// CHECK-NEXT:    %[[Z:.*]], %[[XBC:.*]], %[[DT:.*]] = ssm.split %[[P]] : (tensor<22xf32>) -> (tensor<8xf32>, tensor<12xf32>, tensor<2xf32>)
// CHECK-NEXT:    %[[C:.*]], %[[CONV1:.*]] = ssm.causal_conv1d_step %[[XBC]], %[[CONV]], @conv_weight_0 : (
// CHECK-NEXT:    %[[A:.*]] = ssm.silu %[[C]]
// CHECK-NEXT:    %[[X:.*]], %[[B:.*]], %[[CC:.*]] = ssm.split %[[A]] : (tensor<12xf32>) -> (tensor<8xf32>, tensor<2xf32>, tensor<2xf32>)
// CHECK-NEXT:    %[[DTB:.*]] = ssm.bias %[[DT]], @dt_bias_0
// CHECK-NEXT:    %[[DTP:.*]] = ssm.softplus %[[DTB]] low(1.000000e-03 : f64) high(1.000000e-01 : f64)
// CHECK-NEXT:    %[[DECAY:.*]] = ssm.decay %[[DTP]], @a_0 : (tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT:    %[[Y:.*]], %[[SSM1:.*]] = ssm.selective_state_update %[[SSM]], %[[DECAY]], %[[DTP]], %[[X]], %[[B]], %[[CC]], @d_0
// CHECK-NEXT:    %[[G:.*]] = ssm.gated_norm %[[Y]], %[[Z]], @gated_norm_0 eps(1.000000e-05 : f64) norm_group(8)
// CHECK-NEXT:    %[[O:.*]] = ssm.linear %[[G]], @out_proj_0
// CHECK-NEXT:    %[[H1:.*]] = ssm.add %[[H]], %[[O]] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("block.py":3:0)
// CHECK-NEXT:    %[[NF:.*]] = ssm.rms_norm %[[H1]], @norm_f
// CHECK-NEXT:    %[[L:.*]] = ssm.linear %[[NF]], @lm_head
// CHECK-NEXT:    func.return %[[L]], %[[CONV1]], %[[SSM1]] : tensor<16xf32>, tensor<12x2xf32>, tensor<2x4x2xf32>
builtin.module attributes {
    lmc.model = "mamba2",
    lmc.config = {arch = "mamba2", vocab_size = 16, padded_vocab_size = 16, d_model = 4, n_layers = 1, d_inner = 8,
      d_state = 2, d_conv = 3, conv_bias = false, n_heads = 2, head_dim = 4, n_groups = 1, norm_group_size = 8,
      dt_limit = [0.001 : f64, 0.1 : f64]},
    lmc.module_classes = {"" = "MambaLM", "backbone" = "Backbone", "backbone.embedding" = "Embedding",
      "backbone.layers.0" = "Block", "backbone.layers.0.norm" = "RMSNorm", "backbone.layers.0.mixer" = "Mamba2Mixer",
      "backbone.norm_f" = "RMSNorm", "lm_head" = "LMHead"}} {
  func.func @decode_step(
      %embedding: !torch.vtensor<[16,4],f32> {lmc.parameter = "backbone.embedding.weight"},
      %norm: !torch.vtensor<[4],f32> {lmc.parameter = "backbone.layers.0.norm.weight"},
      %in_proj: !torch.vtensor<[22,4],f32> {lmc.parameter = "backbone.layers.0.mixer.in_proj.weight"},
      %conv_weight: !torch.vtensor<[12,1,3],f32> {lmc.parameter = "backbone.layers.0.mixer.conv1d.weight"},
      %dt_bias: !torch.vtensor<[2],f32> {lmc.parameter = "backbone.layers.0.mixer.dt_bias"},
      %a_log: !torch.vtensor<[2],f32> {lmc.parameter = "backbone.layers.0.mixer.A_log"},
      %d: !torch.vtensor<[2],f32> {lmc.parameter = "backbone.layers.0.mixer.D"},
      %gated: !torch.vtensor<[8],f32> {lmc.parameter = "backbone.layers.0.mixer.norm.weight"},
      %out_proj: !torch.vtensor<[4,8],f32> {lmc.parameter = "backbone.layers.0.mixer.out_proj.weight"},
      %norm_f: !torch.vtensor<[4],f32> {lmc.parameter = "backbone.norm_f.weight"},
      %ids: !torch.vtensor<[1],si64>,
      %conv: !torch.vtensor<[1,12,2],f32> {lmc.state = "conv_state"},
      %ssm: !torch.vtensor<[1,2,4,2],f32> {lmc.state = "ssm_state"})
      -> (!torch.vtensor<[1,16],f32>, !torch.vtensor<[1,12,2],f32>, !torch.vtensor<[1,2,4,2],f32>) {
    %one = torch.operator "constant.int"() {value = 1 : i64} : () -> !torch.int
    %zero = torch.operator "constant.int"() {value = 0 : i64} : () -> !torch.int
    %two = torch.operator "constant.int"() {value = 2 : i64} : () -> !torch.int
    %four = torch.operator "constant.int"() {value = 4 : i64} : () -> !torch.int
    %no = torch.operator "constant.bool"() {value = false} : () -> !torch.bool
    %none = torch.operator "constant.none"() : () -> !torch.none
    %h = torch.operator "aten.embedding"(%embedding, %ids, %zero, %no, %no) {lmc.module = "backbone.embedding"} : (!torch.vtensor<[16,4],f32>, !torch.vtensor<[1],si64>, !torch.int, !torch.bool, !torch.bool) -> !torch.vtensor<[1,4],f32>
    %h1 = torch.operator "aten.unsqueeze"(%h, %one) {lmc.module = "backbone"} : (!torch.vtensor<[1,4],f32>, !torch.int) -> !torch.vtensor<[1,1,4],f32>
    %n = torch.operator "aten.mul.Tensor"(%h1, %norm) {lmc.module = "backbone.layers.0.norm"} : (!torch.vtensor<[1,1,4],f32>, !torch.vtensor<[4],f32>) -> !torch.vtensor<[1,1,4],f32>
    %p = torch.operator "aten.linear"(%n, %in_proj, %none) {lmc.module = "backbone.layers.0.mixer"} : (!torch.vtensor<[1,1,4],f32>, !torch.vtensor<[22,4],f32>, !torch.none) -> !torch.vtensor<[1,1,22],f32> loc("mixer.py":7:0)
    %o = torch.operator "aten.slice.Tensor"(%p, %two, %zero, %four, %one) {lmc.module = "backbone.layers.0.mixer"} : (!torch.vtensor<[1,1,22],f32>, !torch.int, !torch.int, !torch.int, !torch.int) -> !torch.vtensor<[1,1,4],f32> loc("mixer.py":8:0)
    %conv1 = torch.operator "aten.neg"(%conv) {lmc.module = "backbone.layers.0.mixer"} : (!torch.vtensor<[1,12,2],f32>) -> !torch.vtensor<[1,12,2],f32>
    %ssm1 = torch.operator "aten.neg"(%ssm) {lmc.module = "backbone.layers.0.mixer"} : (!torch.vtensor<[1,2,4,2],f32>) -> !torch.vtensor<[1,2,4,2],f32>
    %h2 = torch.operator "aten.add.Tensor"(%h1, %o, %one) {lmc.module = "backbone.layers.0"} : (!torch.vtensor<[1,1,4],f32>, !torch.vtensor<[1,1,4],f32>, !torch.int) -> !torch.vtensor<[1,1,4],f32> loc("block.py":3:0)
    %n1 = torch.operator "aten.mul.Tensor"(%h2, %norm_f) {lmc.module = "backbone.norm_f"} : (!torch.vtensor<[1,1,4],f32>, !torch.vtensor<[4],f32>) -> !torch.vtensor<[1,1,4],f32>
    %n2 = torch.operator "aten.squeeze.dim"(%n1, %one) {lmc.module = "backbone"} : (!torch.vtensor<[1,1,4],f32>, !torch.int) -> !torch.vtensor<[1,4],f32>
    %l = torch.operator "aten.linear"(%n2, %embedding, %none) {lmc.module = "lm_head"} : (!torch.vtensor<[1,4],f32>, !torch.vtensor<[16,4],f32>, !torch.none) -> !torch.vtensor<[1,16],f32>
    func.return %l, %conv1, %ssm1 : !torch.vtensor<[1,16],f32>, !torch.vtensor<[1,12,2],f32>, !torch.vtensor<[1,2,4,2],f32>
  }
}
