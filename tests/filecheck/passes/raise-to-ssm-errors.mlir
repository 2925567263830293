// RUN: not lmc opt --split-input-file %s -p 'raise-to-ssm' 2>&1 | filecheck %s

// CHECK: raise-to-ssm takes a traced model
func.func @f() {
  func.return
}

// -----

// CHECK: backbone.layers.1 is a LlamaAttention, which lmc cannot compile
builtin.module attributes {
    lmc.config = {arch = "mamba1", vocab_size = 4, padded_vocab_size = 4, d_model = 2, n_layers = 1, d_inner = 4, d_state = 2, d_conv = 3, dt_rank = 1},
    lmc.module_classes = {"" = "MambaLM", "backbone" = "Backbone", "backbone.layers.1" = "LlamaAttention"}} {
  func.func @decode_step(%ids: !torch.vtensor<[1],si64>) -> !torch.vtensor<[1],si64> {
    %x = torch.operator "aten.neg"(%ids) {lmc.module = "backbone.layers.1"} : (!torch.vtensor<[1],si64>) -> !torch.vtensor<[1],si64> loc("attention.py":9:0)
    func.return %x : !torch.vtensor<[1],si64>
  }
}

// -----

// CHECK: the traced parameter backbone.embedding.weight has shape [4, 3], but lmc.config has [4, 2]
builtin.module attributes {
    lmc.config = {arch = "mamba1", vocab_size = 4, padded_vocab_size = 4, d_model = 2, n_layers = 1, d_inner = 4, d_state = 2, d_conv = 3, dt_rank = 1},
    lmc.module_classes = {"" = "MambaLM"}} {
  func.func @decode_step(%e: !torch.vtensor<[4,3],f32> {lmc.parameter = "backbone.embedding.weight"}, %ids: !torch.vtensor<[1],si64>) -> !torch.vtensor<[1],si64> {
    func.return %ids : !torch.vtensor<[1],si64>
  }
}
