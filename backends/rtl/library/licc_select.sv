// Word `index` of WORDS words, at once; beyond the last one, any of them. A tree of choices among four,
// each a LUT a bit.
module licc_select #(
    parameter int BITS = 8,
    parameter int WORDS = 2,
    parameter int INDEX_BITS = WORDS > 1 ? $clog2(WORDS) : 1
) (
    input  logic [WORDS*BITS-1:0] words,
    input  logic [INDEX_BITS-1:0] index,
    output logic [      BITS-1:0] word
);
  localparam int Groups = (WORDS + 3) / 4;
  if (WORDS == 1) begin : g_wire
    wire unused_index = index[0];
    assign word = words;
  end else if (WORDS <= 4) begin : g_four
    always_comb begin
      word = words[BITS-1:0];
      for (int i = 1; i < WORDS; i++) if (index >= INDEX_BITS'(i)) word = words[i*BITS+:BITS];
    end
  end else begin : g_tree
    logic [Groups*BITS-1:0] chosen;
    for (genvar g = 0; g < Groups; g++) begin : g_group
      localparam int Words = g + 1 < Groups ? 4 : WORDS - 4 * g;
      licc_select #(
          .BITS (BITS),
          .WORDS(Words)
      ) four (
          .words(words[4*g*BITS+:Words*BITS]),
          .index(index[(Words>2?1:0):0]),
          .word (chosen[g*BITS+:BITS])
      );
    end
    licc_select #(
        .BITS (BITS),
        .WORDS(Groups)
    ) rest (
        .words(chosen), .index(index[INDEX_BITS-1:2]), .word
    );
  end
endmodule
