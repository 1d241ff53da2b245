// Requantises a word of LANES sums: reads the constants of the word from ROMs of
// [words of a pixel][LANES], then a lane each. `word` comes with the sums; LATENCY 1 + that of a lane.
module licc_requantize_word #(
    parameter int LANES = 1,
    parameter int WORDS = 1,
    parameter int SUM_BITS = 20,
    parameter bit SUM_SIGNED = 1,
    parameter int BIAS_BITS = 32,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int SHIFT = 0,
    parameter bit HAS_NEGATIVE = 0,
    parameter FILES = "rom",
    parameter int INDEX_BITS = WORDS > 1 ? $clog2(WORDS) : 1
) (
    input  logic                         clock,
    input  logic [LANES*SUM_BITS-1:0]    sums,
    input  logic [INDEX_BITS-1:0]        word,
    output logic [LANES*OUTPUT_BITS-1:0] out
);
  wire [LANES*BIAS_BITS-1:0] biases;
  wire [LANES*17-1:0] positives, negatives;
  logic [LANES*SUM_BITS-1:0] sums_1;
  always_ff @(posedge clock) sums_1 <= sums;
  licc_rom #(
      .BITS (LANES * BIAS_BITS),
      .DEPTH(WORDS),
      .FILE ({FILES, "_bias.hex"})
  ) bias (
      .clock, .address(word), .data(biases)
  );
  licc_rom #(
      .BITS (LANES * 17),
      .DEPTH(WORDS),
      .FILE ({FILES, "_multiplier.hex"})
  ) multiplier (
      .clock, .address(word), .data(positives)
  );
  if (HAS_NEGATIVE) begin : g_negative
    licc_rom #(
        .BITS (LANES * 17),
        .DEPTH(WORDS),
        .FILE ({FILES, "_negative.hex"})
    ) negative (
        .clock, .address(word), .data(negatives)
    );
  end else begin : g_positive
    assign negatives = positives;
  end
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    licc_requantizer #(
        .SUM_BITS(SUM_BITS),
        .SUM_SIGNED(SUM_SIGNED),
        .BIAS_BITS(BIAS_BITS),
        .OUTPUT_BITS(OUTPUT_BITS),
        .OUTPUT_SIGNED(OUTPUT_SIGNED),
        .SHIFT(SHIFT)
    ) lane (
        .clock,
        .sum(sums_1[i*SUM_BITS+:SUM_BITS]),
        .bias(biases[i*BIAS_BITS+:BIAS_BITS]),
        .positive(positives[i*17+:17]),
        .negative(negatives[i*17+:17]),
        .out(out[i*OUTPUT_BITS+:OUTPUT_BITS])
    );
  end
endmodule
