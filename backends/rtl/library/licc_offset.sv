// stream.offset: out = saturate((x << SHIFT) + constant[channel]), a word a step.
module licc_offset #(
    parameter int INPUT_BITS = 16,
    parameter bit INPUT_SIGNED = 1,
    parameter int OFFSET_BITS = 16,
    parameter int OUTPUT_BITS = 16,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int LANES = 1,
    parameter int RESULT_WORDS = 1,
    parameter int SHIFT = 0,
    parameter FILES = "rom",
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                         clock,
    input  logic                         reset,
    input  logic                         in_valid,
    input  logic [LANES*INPUT_BITS-1:0]  in_data,
    output logic                         in_take,
    output logic                         out_valid,
    output logic [LANES*OUTPUT_BITS-1:0] out_data,
    input  logic                         out_take
);
  localparam int Scaled = INPUT_BITS + SHIFT + 1;
  localparam int SumBits = (Scaled > OFFSET_BITS ? Scaled : OFFSET_BITS) + 1;
  localparam int Latency = 3;
  localparam int WordBits = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1;

  logic room, push;
  logic [LANES*INPUT_BITS-1:0] in_1;
  logic [LANES*OUTPUT_BITS-1:0] result;
  logic [WordBits-1:0] word;
  wire [LANES*OFFSET_BITS-1:0] offsets;
  wire unused_last, unused_wrap;
  assign in_take = in_valid && room;
  licc_counter #(
      .COUNT(RESULT_WORDS)
  ) word_counter (
      .clock, .reset, .step(in_take), .value(word), .last(unused_last), .wrap(unused_wrap)
  );
  licc_rom #(
      .BITS (LANES * OFFSET_BITS),
      .DEPTH(RESULT_WORDS),
      .FILE ({FILES, "_constants.hex"})
  ) constants (
      .clock, .address(word), .data(offsets)
  );
  always_ff @(posedge clock) in_1 <= in_data;
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    wire [INPUT_BITS-1:0] x = in_1[i*INPUT_BITS+:INPUT_BITS];
    wire [INPUT_BITS:0] extended = {INPUT_SIGNED ? x[INPUT_BITS-1] : 1'b0, x};
    logic [SumBits-1:0] sum;
    always_ff @(posedge clock)
      sum <= (SumBits'($signed(extended)) << SHIFT)
          + SumBits'($signed(offsets[i*OFFSET_BITS+:OFFSET_BITS]));
    licc_saturate #(
        .IN_BITS(SumBits),
        .OUT_BITS(OUTPUT_BITS),
        .OUT_SIGNED(OUTPUT_SIGNED)
    ) saturate (
        .clock, .in(sum), .out(result[i*OUTPUT_BITS+:OUTPUT_BITS])
    );
  end
  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(in_take), .out(push)
  );
  licc_fifo #(
      .BITS  (LANES * OUTPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(in_take), .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
