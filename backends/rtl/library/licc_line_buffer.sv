// stream.line_buffer: keeps the last rows of a frame on chip and sends the window of every output pixel.
// The twin of line_buffer.h, whose schedule it keeps step by step; the order of words is
// [NEIGHBOURS][TAPS][IN_LANES] as there.
//
// A step may take a word in (licc_line_steps says when) and may send a window word. Columns lie in
// NEIGHBOURS banks; with several taps every row of the ring is a memory of its own, all are read at one
// address, and each tap selects one behind them.
module licc_line_buffer #(
    parameter int INPUT_BITS = 8,
    parameter int IN_LANES = 1,
    parameter int TAPS = 1,
    parameter int NEIGHBOURS = 1,
    parameter int KERNEL = 1,
    parameter int PHASES = 1,
    parameter int STEP = 1,
    parameter int CHANNEL_GROUPS = 1,
    parameter int WIDTH = 1,
    parameter int HEIGHT = 1,
    parameter int ROWS = 1,
    parameter int COLUMNS = 1,
    parameter int REPEAT = 1,
    parameter int LEAST = 0,
    parameter int MOST = 0,
    parameter int READS = 1,
    parameter bit [PHASES*8-1:0] TAP_COUNTS = 1,
    parameter bit [PHASES*KERNEL*16-1:0] TAP_OFFSETS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*8-1:0] BANKS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*8-1:0] BANK_READERS = '0,
    parameter bit [PHASES*KERNEL*NEIGHBOURS*16-1:0] BANK_COLUMNS = '0,
    parameter MEMORY = "bram",
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                                           clock,
    input  logic                                           reset,
    input  logic                                           in_valid,
    input  logic [IN_LANES*INPUT_BITS-1:0]                 in_data,
    output logic                                           in_take,
    output logic                                           out_valid,
    output logic [NEIGHBOURS*TAPS*IN_LANES*INPUT_BITS-1:0] out_data,
    input  logic                                           out_take
);
  localparam int RingRows = MOST - LEAST + 1 + STEP;
  localparam int BankColumns = NEIGHBOURS == 1 ? WIDTH
      : ((WIDTH + STEP - 1) / STEP + NEIGHBOURS - 1) / NEIGHBOURS * STEP;
  localparam int RowWords = BankColumns * CHANNEL_GROUPS;
  localparam int Rings = TAPS == 1 ? 1 : RingRows;  // memories of a bank
  localparam int Depth = TAPS == 1 ? RingRows * RowWords : RowWords;
  localparam int AddressBits = (Depth > 1 ? $clog2(Depth) : 1) + 1;
  localparam int SlotBits = $clog2(RingRows);
  localparam int WordBits = IN_LANES * INPUT_BITS;
  localparam int Latency = 4;

  logic room, takes, sends, next_phase, next_frame;
  licc_line_steps #(
      .WIDTH_WORDS(WIDTH * CHANNEL_GROUPS),
      .HEIGHT(HEIGHT),
      .ROWS(ROWS),
      .STEP(STEP),
      .MOST(MOST),
      .READS(READS)
  ) steps (
      .clock, .reset, .in_valid, .room, .takes, .sends, .next_phase, .next_frame
  );
  assign in_take = takes;

  // Where words are written.
  logic [NEIGHBOURS-1:0] write_bank;
  logic [SlotBits-1:0] write_slot;
  logic [AddressBits-1:0] write_address;
  licc_ring_position #(
      .NEIGHBOURS(NEIGHBOURS),
      .STEP_WORDS(STEP * CHANNEL_GROUPS),
      .CHANNEL_GROUPS(CHANNEL_GROUPS),
      .WIDTH(WIDTH),
      .RING_ROWS(RingRows),
      .ROW_WORDS(TAPS == 1 ? RowWords : 0),
      .ADDRESS_BITS(AddressBits)
  ) to (
      .clock, .reset, .takes, .bank(write_bank), .slot(write_slot), .address(write_address)
  );
  logic [NEIGHBOURS-1:0] write_bank_1;
  logic [SlotBits-1:0] write_slot_1;
  logic [AddressBits-1:0] write_address_1;
  logic [WordBits-1:0] value_1;
  logic takes_1;
  always_ff @(posedge clock) begin
    {write_bank_1, write_slot_1, write_address_1} <= {write_bank, write_slot, write_address};
    value_1 <= in_data;
    takes_1 <= takes && !reset;
  end

  // Where a window word is read.
  logic [NEIGHBOURS*AddressBits-1:0] address;
  logic [NEIGHBOURS-1:0] in_frame;
  logic [TAPS-1:0] valid;
  logic [TAPS*SlotBits-1:0] slots;
  logic [NEIGHBOURS*8-1:0] bank;
  licc_window_position #(
      .TAPS(TAPS),
      .NEIGHBOURS(NEIGHBOURS),
      .KERNEL(KERNEL),
      .PHASES(PHASES),
      .STEP(STEP),
      .CHANNEL_GROUPS(CHANNEL_GROUPS),
      .WIDTH(WIDTH),
      .HEIGHT(HEIGHT),
      .COLUMNS(COLUMNS),
      .REPEAT(REPEAT),
      .LEAST(LEAST),
      .RING_ROWS(RingRows),
      .ROW_WORDS(TAPS == 1 ? RowWords : 0),
      .TAP_COUNTS(TAP_COUNTS),
      .TAP_OFFSETS(TAP_OFFSETS),
      .BANKS(BANKS),
      .BANK_READERS(BANK_READERS),
      .BANK_COLUMNS(BANK_COLUMNS),
      .ADDRESS_BITS(AddressBits)
  ) from (
      .clock, .reset, .sends, .next_phase, .next_frame, .address, .in_frame, .valid, .slots, .bank
  );
  logic [NEIGHBOURS-1:0] in_frame_2;
  logic [TAPS-1:0] valid_2;
  logic [TAPS*SlotBits-1:0] slots_2;
  logic [NEIGHBOURS*8-1:0] bank_2, bank_3;
  licc_delay #(
      .BITS(NEIGHBOURS + TAPS + TAPS * SlotBits + NEIGHBOURS * 8)
  ) alongside (
      .clock, .in({in_frame, valid, slots, bank}), .out({in_frame_2, valid_2, slots_2, bank_2})
  );
  always_ff @(posedge clock) bank_3 <= bank_2;

  // The ring; behind it each tap selects its row, and each neighbour its bank.
  logic [NEIGHBOURS*Rings*WordBits-1:0] seen;
  logic [NEIGHBOURS*TAPS*WordBits-1:0] given, chosen;
  for (genvar b = 0; b < NEIGHBOURS; b++) begin : g_bank
    for (genvar r = 0; r < Rings; r++) begin : g_ring
      licc_ram #(
          .BITS  (WordBits),
          .DEPTH (Depth),
          .MEMORY(MEMORY)
      ) memory (
          .clock,
          .write(takes_1 && write_bank_1[b] && (Rings == 1 || write_slot_1 == SlotBits'(r))),
          .write_address(write_address_1[AddressBits-2:0]),
          .value(value_1),
          .address(address[b*AddressBits+:AddressBits-1]),
          .data(seen[(b*Rings+r)*WordBits+:WordBits])
      );
    end
    for (genvar t = 0; t < TAPS; t++) begin : g_tap
      wire [WordBits-1:0] row;
      licc_select #(
          .BITS (WordBits),
          .WORDS(Rings)
      ) rows (
          .words(seen[b*Rings*WordBits+:Rings*WordBits]),
          .index(slots_2[t*SlotBits+:(Rings>1?SlotBits:1)]),
          .word (row)
      );
      always_ff @(posedge clock)
        given[(b*TAPS+t)*WordBits+:WordBits] <= valid_2[t] && in_frame_2[b] ? row : '0;
    end
  end
  for (genvar n = 0; n < NEIGHBOURS; n++) begin : g_neighbour
    wire [TAPS*WordBits-1:0] words;
    licc_select #(
        .BITS (TAPS * WordBits),
        .WORDS(NEIGHBOURS)
    ) banks (
        .words(given), .index(bank_3[n*8+:(NEIGHBOURS>1?$clog2(NEIGHBOURS):1)]), .word(words)
    );
    always_ff @(posedge clock) chosen[n*TAPS*WordBits+:TAPS*WordBits] <= words;
  end
  wire unused = &{1'b0, write_slot_1, slots_2, bank_3, address, write_address_1[AddressBits-1]};

  logic push;
  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(sends), .out(push)
  );
  licc_fifo #(
      .BITS  (NEIGHBOURS * TAPS * WordBits),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(sends), .push, .push_data(chosen), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
