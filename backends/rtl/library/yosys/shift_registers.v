// For yosys, before synth_xilinx: the selection of a bit as slang's front end leaves it ($bmux)
// becomes the cell ($shiftx) from which shift registers of a dynamic length, SRL16E and SRLC32E, are
// found. Selections of whole words stay as they are.
(* techmap_celltype = "$bmux" *)
module lmc_selected_bit (A, S, Y);
  parameter WIDTH = 1;
  parameter S_WIDTH = 1;
  input [(WIDTH << S_WIDTH)-1:0] A;
  input [S_WIDTH-1:0] S;
  output [WIDTH-1:0] Y;

  generate
    if (WIDTH == 1) begin : g_bit
      \$shiftx #(
          .A_SIGNED(0),
          .B_SIGNED(0),
          .A_WIDTH(1 << S_WIDTH),
          .B_WIDTH(S_WIDTH),
          .Y_WIDTH(1)
      ) select (.A(A), .B(S), .Y(Y));
    end else begin : g_word
      wire _TECHMAP_FAIL_ = 1;
    end
  endgenerate
endmodule
