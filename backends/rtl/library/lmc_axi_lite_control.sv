// The AXI4-Lite registers that start a kernel, with the protocol ap_ctrl_hs: XRT drives a kernel
// that has them as it drives one of Vitis HLS (UG1399, "S_AXILITE Control Register Map"; UG1393,
// "Control Requirements for XRT-Managed Kernels"). The host writes a start, and no other one
// before the kernel is done.
//
//   0x00  control: bit 0 ap_start (written 1 by the host, 0 again with ap_done), bit 1 ap_done
//         (cleared by a read), bit 2 ap_idle, bit 3 ap_ready (as ap_done); others are 0
//   0x04  bit 0: global interrupt enable
//   0x08  interrupt enable: bit 0 for ap_done, bit 1 for ap_ready
//   0x0c  interrupt status, the same bits: set if enabled, and toggled by a 1 that is written
//   0x10  words of arguments. HLS gives each argument its words, lowest first, then a word that is
//         reserved: a scalar of 32 bits takes 2 words, an address of 64 bits takes 3.
//
// What is reserved reads as 0, and writes to it do nothing. Writes obey their strobes. All
// responses are OKAY.
//
// Timing: ap_start rises two cycles after address and data of the write were taken, the later one
// counts. ap_done is high for one cycle; in the next one ap_start is low, unless the host has
// started the kernel anew. No output depends on an input of the same cycle.
//
//   ARGUMENT_WORDS  words from 0x10 on, 1 or more
//   IS_REGISTER     for each of them, lowest first: an argument's (1), or reserved (0)
//
//   clk, rst     clock; synchronous reset
//   s_axi_*      the bus, 32 bits of data; addresses in bytes
//   arguments    all words; what is reserved is 0. They keep their values while a kernel runs, for
//                the host writes them only before a start.
//   ap_start     the kernel is to run
//   ap_done      the kernel is done, and takes new arguments
//   irq          the kernel's `interrupt` to the host, high until all that are enabled are cleared
module lmc_axi_lite_control #(
    parameter int ARGUMENT_WORDS = 3,
    parameter logic [ARGUMENT_WORDS-1:0] IS_REGISTER = 3'b011,
    localparam int AddressBits = $clog2(16 + 4 * ARGUMENT_WORDS)
) (
    input  logic                            clk,
    input  logic                            rst,
    input  logic                            s_axi_awvalid,
    output logic                            s_axi_awready,
    input  logic [         AddressBits-1:0] s_axi_awaddr,
    input  logic                            s_axi_wvalid,
    output logic                            s_axi_wready,
    input  logic [                    31:0] s_axi_wdata,
    input  logic [                     3:0] s_axi_wstrb,
    output logic                            s_axi_bvalid,
    input  logic                            s_axi_bready,
    output logic [                     1:0] s_axi_bresp,
    input  logic                            s_axi_arvalid,
    output logic                            s_axi_arready,
    input  logic [         AddressBits-1:0] s_axi_araddr,
    output logic                            s_axi_rvalid,
    input  logic                            s_axi_rready,
    output logic [                    31:0] s_axi_rdata,
    output logic [                     1:0] s_axi_rresp,
    output logic [ARGUMENT_WORDS-1:0][31:0] arguments,
    output logic                            ap_start,
    input  logic                            ap_done,
    output logic                            irq
);

  // Registers by the number of their word.
  localparam int Control = 0;
  localparam int GlobalEnable = 1;
  localparam int Enable = 2;
  localparam int Status = 3;
  localparam int Arguments = 4;
  typedef logic [AddressBits-3:0] word_t;

  // A write waits here until its address and its data are there and the last response is gone.
  logic is_address_held, is_data_held, write;
  word_t write_word;
  logic [31:0] write_data;
  logic [3:0] write_strobes;
  assign s_axi_awready = !is_address_held;
  assign s_axi_wready = !is_data_held;
  assign write = is_address_held && is_data_held && !s_axi_bvalid;

  always_ff @(posedge clk) begin
    if (rst) begin
      is_address_held <= 1'b0;
      is_data_held    <= 1'b0;
      s_axi_bvalid    <= 1'b0;
    end else begin
      if (write) is_address_held <= 1'b0;
      else if (s_axi_awvalid) is_address_held <= 1'b1;
      if (write) is_data_held <= 1'b0;
      else if (s_axi_wvalid) is_data_held <= 1'b1;
      if (write) s_axi_bvalid <= 1'b1;
      else if (s_axi_bready) s_axi_bvalid <= 1'b0;
    end
    if (s_axi_awready) write_word <= s_axi_awaddr[AddressBits-1:2];
    if (s_axi_wready) begin
      write_data    <= s_axi_wdata;
      write_strobes <= s_axi_wstrb;
    end
  end
  assign s_axi_bresp = 2'b00;

  // Addresses are those of whole words: their lowest two bits say nothing.
  logic unused;
  assign unused = &{s_axi_awaddr[1:0], s_axi_araddr[1:0]};

  // A register's bits that a write changes.
  function automatic logic [31:0] written(input logic [31:0] old);
    for (int b = 0; b < 4; b++)
      written[8*b+:8] = write_strobes[b] ? write_data[8*b+:8] : old[8*b+:8];
  endfunction

  for (genvar i = 0; i < ARGUMENT_WORDS; i++) begin : g_argument
    if (IS_REGISTER[i]) begin : g_register
      logic [31:0] value;
      always_ff @(posedge clk) begin
        if (rst) value <= '0;
        else if (write && write_word == word_t'(Arguments + i)) value <= written(value);
      end
      assign arguments[i] = value;
    end else begin : g_reserved
      assign arguments[i] = '0;
    end
  end

  // The handshake with the kernel, and interrupts. What the kernel sets wins over a host's read.
  logic is_done, global_enable, read;
  logic [1:0] enable, status;
  word_t read_word;
  logic write_low;
  assign write_low = write && write_strobes[0];

  always_ff @(posedge clk) begin
    if (rst) begin
      ap_start      <= 1'b0;
      is_done       <= 1'b0;
      global_enable <= 1'b0;
      enable        <= '0;
      status        <= '0;
      irq           <= 1'b0;
    end else begin
      if (write_low && write_word == word_t'(Control) && write_data[0]) ap_start <= 1'b1;
      else if (ap_done) ap_start <= 1'b0;

      if (ap_done) is_done <= 1'b1;
      else if (read && read_word == word_t'(Control)) is_done <= 1'b0;

      if (write_low && write_word == word_t'(GlobalEnable)) global_enable <= write_data[0];
      if (write_low && write_word == word_t'(Enable)) enable <= write_data[1:0];
      for (int i = 0; i < 2; i++)
        if (ap_done && enable[i]) status[i] <= 1'b1;
        else if (write_low && write_word == word_t'(Status)) status[i] <= status[i] ^ write_data[i];
      irq <= global_enable && status != '0;
    end
  end

  // All words that an address can reach, as a host reads them.
  localparam int Reach = 2 ** (AddressBits - 2);
  logic [Reach-1:0][31:0] registers;
  assign registers = (32 * Reach)'({
    arguments,
    32'(status),
    32'(enable),
    32'(global_enable),
    32'({is_done, !ap_start, is_done, ap_start})
  });

  assign s_axi_arready = !s_axi_rvalid;
  assign s_axi_rresp = 2'b00;
  assign read = s_axi_arvalid && s_axi_arready;
  assign read_word = s_axi_araddr[AddressBits-1:2];

  always_ff @(posedge clk) begin
    if (rst) s_axi_rvalid <= 1'b0;
    else if (read) s_axi_rvalid <= 1'b1;
    else if (s_axi_rready) s_axi_rvalid <= 1'b0;

    if (read) s_axi_rdata <= registers[read_word];
  end

endmodule
