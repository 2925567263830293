// Cuts requests for consecutive words into the bursts that AXI allows.
//
// A burst ends where the number of a word in memory is a multiple of `MostWords`, or with its
// request. That is a power of two, at most MAX_BURST words and at most 4 KiB: so no burst has more
// beats than MAX_BURST or crosses a boundary of 4 KiB. A request for 0 words is taken, and no
// burst comes of it.
//
// Timing: a request that is taken in cycle t has its first burst in t + 2. The next burst comes
// two cycles after one was taken, and the next request can be taken in the cycle after the last
// burst was. All outputs are registers or the state.
//
//   DATA_WIDTH, ADDRESS_WIDTH, MAX_BURST   as in lmc_axi_read
//
//   clk, rst     clock; synchronous reset
//   request_*    address in bytes, a multiple of the word, and the number of words
//   burst_*      address in bytes, 1 to MAX_BURST words, whether it is the last one of its request
module lmc_axi_cut #(
    parameter int DATA_WIDTH = 512,
    parameter int ADDRESS_WIDTH = 64,
    parameter int MAX_BURST = 16
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     request_valid,
    output logic                     request_ready,
    input  logic [ADDRESS_WIDTH-1:0] request_address,
    input  logic [             31:0] request_words,
    output logic                     burst_valid,
    input  logic                     burst_ready,
    output logic [ADDRESS_WIDTH-1:0] burst_address,
    output logic [              8:0] burst_words,
    output logic                     burst_last
);

  localparam int WordBytes = DATA_WIDTH / 8;
  localparam int PageWords = 4096 / WordBytes;
  localparam int MostWords = MAX_BURST < PageWords ? MAX_BURST : PageWords;
  localparam logic [8:0] Most = 9'(MostWords);
  typedef logic [ADDRESS_WIDTH-1:0] address_t;
  localparam int LastByteOfBlock = MostWords * WordBytes - 1;
  localparam address_t InBlock = address_t'(LastByteOfBlock);

  if (MAX_BURST < 1 || MAX_BURST > 256 || 2 ** $clog2(MAX_BURST) != MAX_BURST) begin : g_burst
    $fatal(1, "lmc_axi_cut: MAX_BURST is 1, 2, 4, ... or 256");
  end
  if (DATA_WIDTH < 8 || DATA_WIDTH > 1024 || 2 ** $clog2(DATA_WIDTH) != DATA_WIDTH) begin : g_width
    $fatal(1, "lmc_axi_cut: DATA_WIDTH is 8, 16, ... or 1024");
  end

  typedef enum logic [1:0] {
    Idle,
    Cut,
    Give
  } state_t;
  state_t state;
  logic [31:0] words_left;

  assign request_ready = state == Idle;
  assign burst_valid   = state == Give;

  // Words from this one to the end of its block.
  logic [8:0] words_in_block;
  assign words_in_block = Most - 9'((burst_address & InBlock) >> $clog2(WordBytes));

  always_ff @(posedge clk) begin
    if (rst) state <= Idle;
    else
      case (state)
        Idle: if (request_valid && request_words != '0) state <= Cut;
        Cut: state <= Give;
        default: if (burst_ready) state <= burst_last ? Idle : Cut;
      endcase
  end

  always_ff @(posedge clk) begin
    case (state)
      Idle: begin
        burst_address <= request_address;
        words_left    <= request_words;
      end
      Cut: begin
        burst_last  <= words_left <= 32'(words_in_block);
        burst_words <= words_left <= 32'(words_in_block) ? words_left[8:0] : words_in_block;
      end
      default:
      if (burst_ready) begin
        // The next one begins at the next block.
        burst_address <= (burst_address | InBlock) + 1'b1;
        words_left    <= words_left - 32'(burst_words);
      end
    endcase
  end

`ifndef SYNTHESIS
  localparam int LastByteOfWord = WordBytes - 1;
  localparam address_t InWord = address_t'(LastByteOfWord);
  always_ff @(posedge clk)
    if (!rst && request_valid && request_ready && (request_address & InWord) != '0)
      $error("address %h of a request is no multiple of %0d bytes", request_address, WordBytes);
`endif

endmodule
