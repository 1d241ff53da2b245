// stream.normalize: a GDN core (docs/numbers.md). Reads a pixel in words of IN_LANES, adds up the norms of
// SUM_LANES channels side by side from gamma [SUM_LANES][step][IN_LANES] and beta, and normalises a word
// of OUT_LANES channels a step. The twin of normalize.h.
module licc_normalize #(
    parameter int INPUT_BITS = 8,
    parameter bit INPUT_SIGNED = 1,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int GAMMA_BITS = 16,
    parameter int NORM_BITS = 48,
    parameter int TERM_BITS = 16,
    parameter bit WIDE = 0,
    parameter int DROP = 0,
    parameter bit L1 = 0,
    parameter bit INVERSE = 0,
    parameter int SHIFT = 0,
    parameter int PIXELS = 1,
    parameter int CHANNELS = 1,
    parameter int IN_LANES = 1,
    parameter int SUM_LANES = 1,
    parameter int OUT_LANES = 1,
    parameter int LENGTH = 1,
    parameter bit [SUM_LANES*IN_LANES-1:0] LIVE = '1,
    parameter CORE = "linear",
    parameter int CORE_LATENCY = 5,
    parameter int INDEX_BITS = 9,
    parameter int FIRST_SEGMENT = 128,
    parameter int BASE_BITS = 18,
    parameter int SLOPE_BITS = 11,
    parameter int BEND_BITS = 1,
    parameter TABLE_MEMORY = "bram",
    parameter MEMORY = "bram",
    parameter FILES = "rom",
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                             clock,
    input  logic                             reset,
    input  logic                             in_valid,
    input  logic [  IN_LANES*INPUT_BITS-1:0] in_data,
    output logic                             in_take,
    output logic                             out_valid,
    output logic [OUT_LANES*OUTPUT_BITS-1:0] out_data,
    input  logic                             out_take
);
  localparam int InGroups = (CHANNELS + IN_LANES - 1) / IN_LANES;
  localparam int OutGroups = (CHANNELS + SUM_LANES - 1) / SUM_LANES;
  localparam int Padded = InGroups * IN_LANES > OutGroups * SUM_LANES ? InGroups * IN_LANES
      : OutGroups * SUM_LANES;
  localparam int Fold = SUM_LANES / OUT_LANES;
  localparam int ResultWords = (CHANNELS + OUT_LANES - 1) / OUT_LANES;
  localparam int LastWords = ResultWords - (OutGroups - 1) * Fold;
  localparam int SetWords = OutGroups > 1 ? Fold : LastWords;
  localparam int InBits = InGroups > 1 ? $clog2(InGroups) : 1;
  localparam int OutBits = OutGroups > 1 ? $clog2(OutGroups) : 1;
  localparam int StepBits = InGroups * OutGroups > 1 ? $clog2(InGroups * OutGroups) : 1;
  localparam int WordBits = ResultWords > 1 ? $clog2(ResultWords) : 1;

  // Cycles from a step to its terms, to what they add to the norms, to its result.
  localparam int Term = L1 ? 2 : 5;
  localparam int Added = Term + LENGTH + 3 + $clog2((IN_LANES + LENGTH - 1) / LENGTH)
      + (WIDE ? LENGTH : 0);
  localparam int Latency = Added + 2 + CORE_LATENCY + 14;

  logic room, push, reads, adds, begins, finishes, writes, bank;
  logic [InBits-1:0] in_group;
  logic [OutBits-1:0] out_group;
  logic [StepBits-1:0] step;
  logic [WordBits-1:0] word;
  licc_normalize_steps #(
      .PIXELS(PIXELS),
      .IN_GROUPS(InGroups),
      .OUT_GROUPS(OutGroups),
      .FOLD(Fold),
      .LAST_WORDS(LastWords),
      .RESULT_WORDS(ResultWords)
  ) steps (
      .clock, .reset, .valid(in_valid), .room, .reads, .adds, .begins, .finishes, .writes, .bank,
      .in_group, .out_group, .step, .word
  );
  assign in_take = reads;

  // Two pixels: one is read while the other one is normalised. From that come a group of inputs, and the
  // values that the norms of this step's group belong to.
  localparam int KeptBits = InGroups * IN_LANES * INPUT_BITS;
  logic [KeptBits-1:0] pixel_0, pixel_1;
  wire [Padded*INPUT_BITS-1:0] pixel = (Padded * INPUT_BITS)'(bank ? pixel_0 : pixel_1);
  logic [IN_LANES*INPUT_BITS-1:0] inputs, inputs_1;
  logic [SUM_LANES*INPUT_BITS-1:0] values, values_1, values_added;
  always_ff @(posedge clock) begin
    for (int i = 0; i < InGroups; i++)
      if (reads && in_group == InBits'(i)) begin
        if (bank) pixel_1[i*IN_LANES*INPUT_BITS+:IN_LANES*INPUT_BITS] <= in_data;
        else pixel_0[i*IN_LANES*INPUT_BITS+:IN_LANES*INPUT_BITS] <= in_data;
      end
  end
  licc_select #(
      .BITS (IN_LANES * INPUT_BITS),
      .WORDS(InGroups)
  ) read_group (
      .words(pixel[InGroups*IN_LANES*INPUT_BITS-1:0]), .index(in_group), .word(inputs)
  );
  licc_select #(
      .BITS (SUM_LANES * INPUT_BITS),
      .WORDS(OutGroups)
  ) norm_group (
      .words(pixel[OutGroups*SUM_LANES*INPUT_BITS-1:0]), .index(out_group), .word(values)
  );
  always_ff @(posedge clock) begin
    inputs_1 <= inputs;
    values_1 <= values;
  end
  licc_delay #(
      .BITS  (SUM_LANES * INPUT_BITS),
      .CYCLES(Added)
  ) values_later (
      .clock, .in(values_1), .out(values_added)
  );

  // The terms of the norms, and gamma and beta when they are needed.
  logic [IN_LANES*TERM_BITS-1:0] terms;
  for (genvar i = 0; i < IN_LANES; i++) begin : g_term
    licc_norm_term #(
        .INPUT_BITS(INPUT_BITS),
        .INPUT_SIGNED(INPUT_SIGNED),
        .L1(L1),
        .DROP(DROP),
        .TERM_BITS(TERM_BITS)
    ) power (
        .clock, .x(inputs_1[i*INPUT_BITS+:INPUT_BITS]), .term(terms[i*TERM_BITS+:TERM_BITS])
    );
  end
  logic [StepBits-1:0] step_term;
  logic [OutBits-1:0] group_added;
  logic [SUM_LANES*NORM_BITS-1:0] betas;
  licc_delay #(
      .BITS  (StepBits),
      .CYCLES(Term - 1)
  ) steps_later (
      .clock, .in(step), .out(step_term)
  );
  licc_delay #(
      .BITS  (OutBits),
      .CYCLES(Added - 1)
  ) groups_later (
      .clock, .in(out_group), .out(group_added)
  );
  licc_rom #(
      .BITS (SUM_LANES * NORM_BITS),
      .DEPTH(OutGroups),
      .FILE ({FILES, "_beta.hex"})
  ) beta (
      .clock, .address(group_added), .data(betas)
  );

  // Norms.
  logic adding, beginning;
  licc_flags #(
      .BITS  (2),
      .CYCLES(Added)
  ) norm_flags (
      .clock, .reset, .in({adds, begins}), .out({adding, beginning})
  );
  logic [SUM_LANES*NORM_BITS-1:0] norms;
  for (genvar o = 0; o < SUM_LANES; o++) begin : g_norm
    wire [IN_LANES*GAMMA_BITS-1:0] gamma;
    wire [NORM_BITS-1:0] added;
    logic [NORM_BITS-1:0] norm;
    licc_rom #(
        .BITS  (IN_LANES * GAMMA_BITS),
        .DEPTH (InGroups * OutGroups),
        .MEMORY(MEMORY),
        .FILE  ({FILES, "_gamma_", 8'(48 + o / 1000), 8'(48 + o / 100 % 10), 8'(48 + o / 10 % 10),
                 8'(48 + o % 10), ".hex"})
    ) memory (
        .clock, .address(step_term), .data(gamma)
    );
    licc_dot #(
        .LANES(IN_LANES),
        .TERM_BITS(TERM_BITS),
        .GAMMA_BITS(GAMMA_BITS),
        .SUM_BITS(NORM_BITS),
        .LENGTH(LENGTH),
        .WIDE(WIDE),
        .LIVE(LIVE[o*IN_LANES+:IN_LANES])
    ) products (
        .clock, .terms, .gamma, .sum(added)
    );
    always_ff @(posedge clock)
      if (adding) norm <= added + (beginning ? betas[o*NORM_BITS+:NORM_BITS] : norm);
    assign norms[o*NORM_BITS+:NORM_BITS] = norm;
  end

  // Norms and values wait for their turn, word by word.
  logic releases, leaves;
  licc_flags #(
      .BITS  (2),
      .CYCLES(Added + 1)
  ) set_flags (
      .clock, .reset, .in({finishes, writes}), .out({releases, leaves})
  );
  wire [OUT_LANES*NORM_BITS-1:0] leaving_norms;
  wire [OUT_LANES*INPUT_BITS-1:0] leaving_values;
  licc_waiting_sums #(
      .SUM_BITS(NORM_BITS),
      .SUM_LANES(SUM_LANES),
      .OUT_LANES(OUT_LANES),
      .SET_WORDS(SetWords),
      .RESULT_WORDS(ResultWords)
  ) waiting_norms (
      .clock, .present(norms), .phase('0), .ends('0), .releases, .leaves, .sums(leaving_norms)
  );
  licc_waiting_sums #(
      .SUM_BITS(INPUT_BITS),
      .SUM_LANES(SUM_LANES),
      .OUT_LANES(OUT_LANES),
      .SET_WORDS(SetWords),
      .RESULT_WORDS(ResultWords)
  ) waiting_values (
      .clock, .present(values_added), .phase('0), .ends('0), .releases, .leaves,
      .sums(leaving_values)
  );

  logic [WordBits-1:0] word_scaled;
  logic [OUT_LANES*17-1:0] multipliers;
  logic [OUT_LANES*OUTPUT_BITS-1:0] result;
  licc_delay #(
      .BITS  (WordBits),
      .CYCLES(Added + 2 + CORE_LATENCY + 5)
  ) words_later (
      .clock, .in(word), .out(word_scaled)
  );
  licc_rom #(
      .BITS (OUT_LANES * 17),
      .DEPTH(ResultWords),
      .FILE ({FILES, "_multiplier.hex"})
  ) multiplier (
      .clock, .address(word_scaled), .data(multipliers)
  );
  for (genvar i = 0; i < OUT_LANES; i++) begin : g_lane
    licc_normalizer #(
        .INPUT_BITS(INPUT_BITS),
        .INPUT_SIGNED(INPUT_SIGNED),
        .OUTPUT_BITS(OUTPUT_BITS),
        .OUTPUT_SIGNED(OUTPUT_SIGNED),
        .NORM_BITS(NORM_BITS),
        .L1(L1),
        .INVERSE(INVERSE),
        .SHIFT(SHIFT),
        .CORE(CORE),
        .CORE_LATENCY(CORE_LATENCY),
        .INDEX_BITS(INDEX_BITS),
        .FIRST_SEGMENT(FIRST_SEGMENT),
        .BASE_BITS(BASE_BITS),
        .SLOPE_BITS(SLOPE_BITS),
        .BEND_BITS(BEND_BITS),
        .MEMORY(TABLE_MEMORY),
        .FILES(FILES)
    ) lane (
        .clock,
        .x(leaving_values[i*INPUT_BITS+:INPUT_BITS]),
        .norm(leaving_norms[i*NORM_BITS+:NORM_BITS]),
        .multiplier(multipliers[i*17+:17]),
        .out(result[i*OUTPUT_BITS+:OUTPUT_BITS])
    );
  end
  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(writes), .out(push)
  );
  licc_fifo #(
      .BITS  (OUT_LANES * OUTPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(writes), .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
