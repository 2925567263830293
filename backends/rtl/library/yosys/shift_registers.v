// For yosys, before synth_xilinx: the selection of a bit as slang's front end leaves it ($bmux)
// becomes the cell ($shiftx) from which shift registers of a dynamic length, SRL16E and SRLC32E,
// are found.
(* techmap_celltype = "$bmux" *)
module lmc_selected_bit (A, S, Y);
  parameter WIDTH = 1;
  parameter S_WIDTH = 1;
  input [(WIDTH << S_WIDTH)-1:0] A;
  input [S_WIDTH-1:0] S;
  output [WIDTH-1:0] Y;

  wire _TECHMAP_FAIL_ = WIDTH != 1;

  \$shiftx #(
      .A_SIGNED(0),
      .B_SIGNED(0),
      .A_WIDTH(WIDTH << S_WIDTH),
      .B_WIDTH(S_WIDTH),
      .Y_WIDTH(1)
  ) _TECHMAP_REPLACE_ (.A(A), .B(S), .Y(Y));
endmodule
