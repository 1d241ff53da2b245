// stream.requantize: from accumulators to the activations of the next layer, a word a step.
module licc_requantize #(
    parameter int SUM_BITS = 20,
    parameter bit SUM_SIGNED = 1,
    parameter int BIAS_BITS = 32,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int LANES = 1,
    parameter int RESULT_WORDS = 1,
    parameter int SHIFT = 0,
    parameter bit HAS_NEGATIVE = 0,
    parameter FILES = "rom",
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                         clock,
    input  logic                         reset,
    input  logic                         in_valid,
    input  logic [LANES*SUM_BITS-1:0]    in_data,
    output logic                         in_take,
    output logic                         out_valid,
    output logic [LANES*OUTPUT_BITS-1:0] out_data,
    input  logic                         out_take
);
  localparam int SumBits = SUM_BITS + (SUM_SIGNED ? 0 : 1);
  localparam int BiasedBits = (SumBits > BIAS_BITS ? SumBits : BIAS_BITS) + 1;
  localparam int Latency = BiasedBits > 27 ? 8 : 7;
  localparam int WordBits = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1;

  logic room, push;
  logic [LANES*OUTPUT_BITS-1:0] result;
  logic [WordBits-1:0] word;
  wire unused_last, unused_wrap;
  assign in_take = in_valid && room;
  licc_counter #(
      .COUNT(RESULT_WORDS)
  ) word_counter (
      .clock, .reset, .step(in_take), .value(word), .last(unused_last), .wrap(unused_wrap)
  );
  licc_requantize_word #(
      .LANES(LANES),
      .WORDS(RESULT_WORDS),
      .SUM_BITS(SUM_BITS),
      .SUM_SIGNED(SUM_SIGNED),
      .BIAS_BITS(BIAS_BITS),
      .OUTPUT_BITS(OUTPUT_BITS),
      .OUTPUT_SIGNED(OUTPUT_SIGNED),
      .SHIFT(SHIFT),
      .HAS_NEGATIVE(HAS_NEGATIVE),
      .FILES(FILES)
  ) requantize (
      .clock, .sums(in_data), .word, .out(result)
  );
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
