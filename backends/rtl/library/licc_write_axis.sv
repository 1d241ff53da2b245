// From words to AXI4-Stream beats: a lane lies in whole bytes, extended by its sign if it has one. TUSER
// marks the first beat of a frame, TLAST the last one of every line.
module licc_write_axis #(
    parameter int INPUT_BITS = 8,
    parameter bit INPUT_SIGNED = 1,
    parameter int LANES = 1,
    parameter int LINE_WORDS = 1,
    parameter int HEIGHT = 1,
    parameter int LANE_BITS = (INPUT_BITS + 7) / 8 * 8
) (
    input  logic                        clock,
    input  logic                        reset,
    input  logic                        in_valid,
    input  logic [LANES*INPUT_BITS-1:0] in_data,
    output logic                        in_take,
    output logic                        tvalid,
    input  logic                        tready,
    output logic [ LANES*LANE_BITS-1:0] tdata,
    output logic                        tuser,
    output logic                        tlast
);
  localparam int WordBits = LINE_WORDS > 1 ? $clog2(LINE_WORDS) : 1;
  localparam int LineBits = HEIGHT > 1 ? $clog2(HEIGHT) : 1;
  logic line_done;
  logic [WordBits-1:0] word;
  logic [LineBits-1:0] line;
  wire unused_last, unused_done;
  assign tvalid  = in_valid;
  assign in_take = tvalid && tready;
  licc_counter #(
      .COUNT(LINE_WORDS)
  ) word_counter (
      .clock, .reset, .step(in_take), .value(word), .last(tlast), .wrap(line_done)
  );
  licc_counter #(
      .COUNT(HEIGHT)
  ) line_counter (
      .clock, .reset, .step(line_done), .value(line), .last(unused_last), .wrap(unused_done)
  );
  assign tuser = word == '0 && line == '0;
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    wire [INPUT_BITS-1:0] value = in_data[i*INPUT_BITS+:INPUT_BITS];
    assign tdata[i*LANE_BITS+:LANE_BITS] = INPUT_SIGNED ? LANE_BITS'($signed(value))
        : LANE_BITS'(value);
  end
endmodule
