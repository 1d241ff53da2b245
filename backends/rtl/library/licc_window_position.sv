// Which words of the ring make the next window word: for every bank an address, and whether its column is
// one of the frame; for every tap the slot of its row, and whether that is one of the frame; for every
// neighbour its bank. All of it a cycle after the step that sends the word.
//
// The tables hold, for every phase, how many taps there are and the offsets of their pixels; and for every
// tap of a phase which bank a neighbour reads (BANKS), which neighbour a bank gives to (BANK_READERS), and
// the columns between the grid's place in the bank and what is read there (BANK_COLUMNS).
module licc_window_position #(
    parameter int TAPS = 1,
    parameter int NEIGHBOURS = 1,
    parameter int KERNEL = 1,
    parameter int PHASES = 1,
    parameter int STEP = 1,
    parameter int CHANNEL_GROUPS = 1,
    parameter int WIDTH = 1,
    parameter int HEIGHT = 1,
    parameter int COLUMNS = 1,
    parameter int REPEAT = 1,
    parameter int LEAST = 0,
    parameter int RING_ROWS = 2,
    parameter int ROW_WORDS = 0,
    parameter bit [PHASES*8-1:0] TAP_COUNTS = 1,
    parameter bit [PHASES*KERNEL*16-1:0] TAP_OFFSETS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*8-1:0] BANKS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*8-1:0] BANK_READERS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*16-1:0] BANK_COLUMNS = '0,
    parameter int ADDRESS_BITS = 8,
    parameter int SLOT_BITS = $clog2(RING_ROWS)
) (
    input  logic                               clock,
    input  logic                               reset,
    input  logic                               sends,
    input  logic                               next_phase,
    input  logic                               next_frame,
    output logic [NEIGHBOURS*ADDRESS_BITS-1:0] address,
    output logic [             NEIGHBOURS-1:0] in_frame,
    output logic [                   TAPS-1:0] valid,
    output logic [         TAPS*SLOT_BITS-1:0] slots,
    output logic [           NEIGHBOURS*8-1:0] bank
);
  localparam int GroupBits = CHANNEL_GROUPS > 1 ? $clog2(CHANNEL_GROUPS) : 1;
  localparam int TapBits = $clog2(KERNEL + 1);
  localparam int PhaseBits = PHASES > 1 ? $clog2(PHASES) : 1;
  localparam int ColumnBits = $clog2(WIDTH + COLUMNS * STEP * NEIGHBOURS + 32) + 2;
  localparam int RowBits = $clog2(HEIGHT + HEIGHT * STEP + 32) + 2;
  localparam int FrameSlots = HEIGHT % RING_ROWS;
  localparam int Lowest = (LEAST % RING_ROWS + RING_ROWS) % RING_ROWS;

  // Position: group of channels, tap row, tap column, repetition, column phase, column, row phase.
  logic [GroupBits-1:0] group;
  logic [TapBits-1:0] tap_row, tap_column, row_steps, column_steps;
  logic [PhaseBits-1:0] row_phase, column_phase;
  logic group_wrap, tap_row_done, window_done, repeat_done, pixel_done, row_done;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [(REPEAT > 1 ? $clog2(REPEAT) : 1)-1:0] turn;
  logic [(COLUMNS > 1 ? $clog2(COLUMNS) : 1)-1:0] column;
  logic group_last, turn_last, column_phase_last, column_last, row_phase_last, row_phase_wrap;
  /* verilator lint_on UNUSEDSIGNAL */
  licc_counter #(.COUNT(CHANNEL_GROUPS)) group_counter (
      .clock, .reset, .step(sends), .value(group), .last(group_last), .wrap(group_wrap)
  );
  assign tap_row_done = group_wrap && tap_row == row_steps - 1'b1;
  assign window_done  = tap_row_done && tap_column == column_steps - 1'b1;
  always_ff @(posedge clock) begin
    if (reset) {tap_row, tap_column} <= '0;
    else begin
      if (group_wrap) tap_row <= tap_row_done ? '0 : tap_row + 1'b1;
      if (tap_row_done) tap_column <= window_done ? '0 : tap_column + 1'b1;
    end
  end
  licc_counter #(.COUNT(REPEAT)) repeat_counter (
      .clock, .reset, .step(window_done), .value(turn), .last(turn_last), .wrap(repeat_done)
  );
  licc_counter #(.COUNT(PHASES)) column_phase_counter (
      .clock, .reset, .step(repeat_done), .value(column_phase), .last(column_phase_last),
      .wrap(pixel_done)
  );
  licc_counter #(.COUNT(COLUMNS)) column_counter (
      .clock, .reset, .step(pixel_done), .value(column), .last(column_last), .wrap(row_done)
  );
  licc_counter #(.COUNT(PHASES)) row_phase_counter (
      .clock, .reset, .step(row_done), .value(row_phase), .last(row_phase_last), .wrap(row_phase_wrap)
  );

  // The grid's pixel: its input row and column, and its words' place in a bank.
  logic signed [RowBits-1:0] origin_row;
  logic signed [ColumnBits-1:0] origin_column;
  logic [ADDRESS_BITS-1:0] origin_words;
  logic [SLOT_BITS-1:0] slot, frame_slot;
  function automatic [SLOT_BITS-1:0] wrapped(input [SLOT_BITS:0] unwrapped);
    wrapped = unwrapped >= (SLOT_BITS + 1)'(RING_ROWS)
        ? SLOT_BITS'(unwrapped - (SLOT_BITS + 1)'(RING_ROWS)) : SLOT_BITS'(unwrapped);
  endfunction
  wire [SLOT_BITS-1:0] next_frame_slot = wrapped({1'b0, frame_slot} + (SLOT_BITS + 1)'(FrameSlots));
  always_ff @(posedge clock) begin
    if (reset) begin
      origin_row <= '0;
      origin_column <= '0;
      origin_words <= '0;
      frame_slot <= '0;
      slot <= SLOT_BITS'(Lowest);
    end else begin
      if (row_done) begin
        origin_column <= '0;
        origin_words  <= '0;
      end else if (pixel_done) begin
        origin_column <= origin_column + ColumnBits'(STEP * NEIGHBOURS);
        origin_words  <= origin_words + ADDRESS_BITS'(STEP * CHANNEL_GROUPS);
      end
      if (next_frame) begin
        origin_row <= '0;
        frame_slot <= next_frame_slot;
        slot <= wrapped({1'b0, next_frame_slot} + (SLOT_BITS + 1)'(Lowest));
      end else if (next_phase) begin
        origin_row <= origin_row + RowBits'(STEP);
        slot <= wrapped({1'b0, slot} + (SLOT_BITS + 1)'(STEP));
      end
    end
  end

  // Rows of the taps. A phase without taps has one step, of zeros.
  logic [TapBits-1:0] row_count, column_count;
  logic [TAPS-1:0] valid_now;
  logic [TAPS*SLOT_BITS-1:0] slots_now;
  always_comb begin
    row_count = '0;
    column_count = '0;
    for (int p = 0; p < PHASES; p++) begin
      if (row_phase == PhaseBits'(p)) row_count = TapBits'(TAP_COUNTS[p*8+:8]);
      if (column_phase == PhaseBits'(p)) column_count = TapBits'(TAP_COUNTS[p*8+:8]);
    end
    row_steps = TAPS > 1 || row_count == '0 ? TapBits'(1) : row_count;
    column_steps = column_count == '0 ? TapBits'(1) : column_count;
  end
  for (genvar t = 0; t < TAPS; t++) begin : g_tap
    wire [TapBits-1:0] tap = TAPS == 1 ? tap_row : TapBits'(t);
    logic signed [15:0] offset;
    always_comb begin
      offset = '0;
      for (int p = 0; p < PHASES; p++)
        for (int k = 0; k < KERNEL; k++)
          if (row_phase == PhaseBits'(p) && tap == TapBits'(k))
            offset = TAP_OFFSETS[(p*KERNEL+k)*16+:16];
    end
    wire signed [RowBits-1:0] row = origin_row + RowBits'(offset);
    assign valid_now[t] = !row[RowBits-1] && row < RowBits'(HEIGHT) && tap < row_count;
    assign slots_now[t*SLOT_BITS+:SLOT_BITS] =
        wrapped({1'b0, slot} + (SLOT_BITS + 1)'(offset - 16'(LEAST)));
  end

  // Columns and addresses of the banks.
  logic [ADDRESS_BITS-1:0] slot_words;
  always_comb begin
    slot_words = '0;
    for (int r = 1; r < RING_ROWS; r++)
      if (slots_now[SLOT_BITS-1:0] == SLOT_BITS'(r)) slot_words = ADDRESS_BITS'(r * ROW_WORDS);
  end
  logic [NEIGHBOURS-1:0] in_frame_now;
  logic [NEIGHBOURS*ADDRESS_BITS-1:0] address_now;
  logic [NEIGHBOURS*8-1:0] bank_now;
  for (genvar b = 0; b < NEIGHBOURS; b++) begin : g_bank
    logic signed [ColumnBits-1:0] away;
    logic [ADDRESS_BITS-1:0] words_away;
    logic [7:0] read_bank;
    always_comb begin
      away = '0;
      words_away = '0;
      read_bank = '0;
      for (int p = 0; p < PHASES; p++)
        for (int k = 0; k < KERNEL; k++)
          if (column_phase == PhaseBits'(p) && tap_column == TapBits'(k)) begin
            away = ColumnBits'($signed(TAP_OFFSETS[(p*KERNEL+k)*16+:16]))
                + ColumnBits'(int'(BANK_READERS[((p*NEIGHBOURS+b)*KERNEL+k)*8+:8]) * STEP);
            words_away = ADDRESS_BITS'(int'($signed(BANK_COLUMNS[((p*NEIGHBOURS+b)*KERNEL+k)*16+:16]))
                                       * CHANNEL_GROUPS);
            read_bank = BANKS[((p*NEIGHBOURS+b)*KERNEL+k)*8+:8];
          end
    end
    wire signed [ColumnBits-1:0] here = origin_column + away;
    assign in_frame_now[b] = !here[ColumnBits-1] && here < ColumnBits'(WIDTH)
        && tap_column < column_count;
    assign address_now[b*ADDRESS_BITS+:ADDRESS_BITS] = !in_frame_now[b] ? '0
        : origin_words + words_away + ADDRESS_BITS'(group) + slot_words;
    assign bank_now[b*8+:8] = read_bank;
  end
  always_ff @(posedge clock) begin
    address <= address_now;
    in_frame <= in_frame_now;
    valid <= valid_now;
    slots <= slots_now;
    bank <= bank_now;
  end
endmodule
