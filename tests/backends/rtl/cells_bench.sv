// Memories of the library, of sizes at which it is known what they should be made of.
module cells_bench (
    input  logic         clk,
    input  logic         rst,
    input  logic         push,
    input  logic         pop,
    input  logic [ 11:0] address,
    input  logic [ 71:0] in,
    output logic [ 15:0] from_srl,
    output logic [ 27:0] from_lutram,
    output logic [ 35:0] from_bram,
    output logic [ 71:0] from_uram,
    output logic [ 27:0] from_ram_lutram,
    output logic [ 35:0] from_ram_bram,
    output logic [ 71:0] from_ram_uram,
    output logic [ 27:0] from_delay,
    output logic [ 31:0] from_control
);
  lmc_fifo #(.WIDTH(16), .DEPTH(20), .STYLE("srl")) fifo_srl (
      .clk, .rst, .in_valid(push), .in_ready(), .in_data(in[15:0]),
      .out_valid(), .out_ready(pop), .out_data(from_srl)
  );
  lmc_fifo #(.WIDTH(28), .DEPTH(32), .STYLE("lutram")) fifo_lutram (
      .clk, .rst, .in_valid(push), .in_ready(), .in_data(in[27:0]),
      .out_valid(), .out_ready(pop), .out_data(from_lutram)
  );
  lmc_fifo #(.WIDTH(36), .DEPTH(1000), .STYLE("bram")) fifo_bram (
      .clk, .rst, .in_valid(push), .in_ready(), .in_data(in[35:0]),
      .out_valid(), .out_ready(pop), .out_data(from_bram)
  );
  lmc_fifo #(.WIDTH(72), .DEPTH(4096), .STYLE("uram")) fifo_uram (
      .clk, .rst, .in_valid(push), .in_ready(), .in_data(in),
      .out_valid(), .out_ready(pop), .out_data(from_uram)
  );
  lmc_ram #(.WIDTH(28), .DEPTH(32), .STYLE("lutram")) ram_lutram (
      .clk, .write_enable(push), .write_address(address[4:0]), .write_data(in[27:0]),
      .read_enable(pop), .read_address(address[9:5]), .read_data(from_ram_lutram)
  );
  lmc_ram #(.WIDTH(36), .DEPTH(1024), .STYLE("bram")) ram_bram (
      .clk, .write_enable(push), .write_address(address[9:0]), .write_data(in[35:0]),
      .read_enable(pop), .read_address(address[11:2]), .read_data(from_ram_bram)
  );
  lmc_ram #(.WIDTH(72), .DEPTH(4096), .STYLE("uram")) ram_uram (
      .clk, .write_enable(push), .write_address(address), .write_data(in),
      .read_enable(pop), .read_address(~address), .read_data(from_ram_uram)
  );
  lmc_delay #(.WIDTH(28), .STAGES(20)) delay (
      .clk, .rst, .in_go(push), .in_data(in[27:0]), .out_go(pop), .out_data(from_delay)
  );
  // It selects among words, which are to stay as they are.
  lmc_axi_lite_control control (
      .clk, .rst, .s_axi_awvalid(push), .s_axi_awready(), .s_axi_awaddr(address[4:0]),
      .s_axi_wvalid(push), .s_axi_wready(), .s_axi_wdata(in[31:0]), .s_axi_wstrb(in[35:32]),
      .s_axi_bvalid(), .s_axi_bready(pop), .s_axi_bresp(), .s_axi_arvalid(push), .s_axi_arready(),
      .s_axi_araddr(address[9:5]), .s_axi_rvalid(), .s_axi_rready(pop),
      .s_axi_rdata(from_control), .s_axi_rresp(), .arguments(), .ap_start(), .ap_done(pop), .irq()
  );
endmodule
