// Where a line buffer keeps the next word that it takes: the bank (one hot), the slot of its row in the
// ring, and the address in its memory, in which rows follow each other if ROW_WORDS says so. `step`
// columns (STEP_WORDS words) lie in one bank, the next ones in the next.
module licc_ring_position #(
    parameter int NEIGHBOURS = 1,
    parameter int STEP_WORDS = 1,
    parameter int CHANNEL_GROUPS = 1,
    parameter int WIDTH = 1,
    parameter int RING_ROWS = 2,
    parameter int ROW_WORDS = 0,
    parameter int ADDRESS_BITS = 8
) (
    input  logic                         clock,
    input  logic                         reset,
    input  logic                         takes,
    output logic [       NEIGHBOURS-1:0] bank,
    output logic [$clog2(RING_ROWS)-1:0] slot,
    output logic [     ADDRESS_BITS-1:0] address
);
  localparam int Words = WIDTH * CHANNEL_GROUPS;
  localparam int WordBits = Words > 1 ? $clog2(Words) : 1;
  localparam int StepBits = STEP_WORDS > 1 ? $clog2(STEP_WORDS) : 1;
  localparam int BankBits = NEIGHBOURS > 1 ? $clog2(NEIGHBOURS) : 1;

  /* verilator lint_off UNUSEDSIGNAL */
  logic [WordBits-1:0] word;
  logic word_last, step_last, bank_last, slot_last, slot_wrap, stepped, banked;
  /* verilator lint_on UNUSEDSIGNAL */
  logic row_done;
  logic [StepBits-1:0] place;
  logic [BankBits-1:0] number;
  licc_counter #(
      .COUNT(Words)
  ) word_counter (
      .clock, .reset, .step(takes), .value(word), .last(word_last), .wrap(row_done)
  );
  licc_counter #(
      .COUNT(STEP_WORDS)
  ) step_counter (
      .clock, .reset(reset || row_done), .step(takes), .value(place), .last(step_last), .wrap(stepped)
  );
  licc_counter #(
      .COUNT(NEIGHBOURS)
  ) bank_counter (
      .clock, .reset(reset || row_done), .step(stepped), .value(number), .last(bank_last),
      .wrap(banked)
  );
  licc_counter #(
      .COUNT(RING_ROWS)
  ) slot_counter (
      .clock, .reset, .step(row_done), .value(slot), .last(slot_last), .wrap(slot_wrap)
  );
  for (genvar b = 0; b < NEIGHBOURS; b++) begin : g_bank
    assign bank[b] = number == BankBits'(b);
  end

  logic [ADDRESS_BITS-1:0] row, block;
  assign address = row + block + ADDRESS_BITS'(place);
  always_ff @(posedge clock) begin
    if (reset) {row, block} <= '0;
    else if (row_done) begin
      block <= '0;
      row   <= slot_wrap ? '0 : row + ADDRESS_BITS'(ROW_WORDS);
    end else if (banked) block <= block + ADDRESS_BITS'(STEP_WORDS);
  end
endmodule
