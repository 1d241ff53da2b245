// Finished sums on their way out of an engine. `releases` replaces what is left by a new set, whose
// first word may leave at once; `leaves` sends a word, a cycle later. With several neighbours, `ends`
// keeps the sums of a column phase until those of the last one are there, and a set goes pixel by pixel.
module licc_waiting_sums #(
    parameter int SUM_BITS = 20,
    parameter int NEIGHBOURS = 1,
    parameter int SUM_LANES = 1,
    parameter int OUT_LANES = 1,
    parameter int PHASES = 1,
    parameter int SET_WORDS = 1,
    parameter int RESULT_WORDS = 1,
    parameter int PHASE_BITS = PHASES > 1 ? $clog2(PHASES) : 1
) (
    input  logic                                     clock,
    input  logic [NEIGHBOURS*SUM_LANES*SUM_BITS-1:0] present,
    input  logic [                   PHASE_BITS-1:0] phase,
    input  logic                                     ends,
    input  logic                                     releases,
    input  logic                                     leaves,
    output logic [           OUT_LANES*SUM_BITS-1:0] sums
);
  localparam int SumsBits = NEIGHBOURS * SUM_LANES * SUM_BITS;
  localparam int WordBits = OUT_LANES * SUM_BITS;
  localparam int Kept = NEIGHBOURS > 1 ? PHASES : 1;

  // All column phases; the last one is that which is finished now.
  logic [Kept*SumsBits-1:0] held;
  assign held[(Kept-1)*SumsBits+:SumsBits] = present;
  for (genvar p = 0; p < Kept - 1; p++) begin : g_held
    logic [SumsBits-1:0] kept;
    always_ff @(posedge clock) if (ends && phase == PHASE_BITS'(p)) kept <= present;
    assign held[p*SumsBits+:SumsBits] = kept;
  end

  logic [SET_WORDS*WordBits-1:0] set, leaving, here;
  for (genvar i = 0; i < SET_WORDS; i++) begin : g_word
    localparam int Phase = NEIGHBOURS == 1 ? 0 : i / RESULT_WORDS % Kept;
    localparam int Pixel = NEIGHBOURS == 1 ? 0 : i / RESULT_WORDS / Kept;
    localparam int Lane = (NEIGHBOURS == 1 ? i : i % RESULT_WORDS) * OUT_LANES;
    assign set[i*WordBits+:WordBits] =
        held[Phase*SumsBits+(Pixel*SUM_LANES+Lane)*SUM_BITS+:WordBits];
  end
  assign here = releases ? set : leaving;
  always_ff @(posedge clock) begin
    sums <= here[WordBits-1:0];
    leaving <= leaves ? here >> WordBits : here;
  end
  wire unused = &{1'b0, ends, phase, held};
endmodule
