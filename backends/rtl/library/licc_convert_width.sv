// stream.width_converter: cuts the words of every pixel anew. In each of STEPS steps a pixel it takes a
// word while the pixel lasts, and sends one if its channels are there (convert_width.h). What is behind
// the last channel is zero.
module licc_convert_width #(
    parameter int INPUT_BITS = 8,
    parameter int CHANNELS = 1,
    parameter int IN_LANES = 1,
    parameter int OUT_LANES = 1,
    parameter int STEPS = 1,
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                            clock,
    input  logic                            reset,
    input  logic                            in_valid,
    input  logic [ IN_LANES*INPUT_BITS-1:0] in_data,
    output logic                            in_take,
    output logic                            out_valid,
    output logic [OUT_LANES*INPUT_BITS-1:0] out_data,
    input  logic                            out_take
);
  localparam int InWords = (CHANNELS + IN_LANES - 1) / IN_LANES;
  localparam int OutWords = (CHANNELS + OUT_LANES - 1) / OUT_LANES;
  localparam int LastLanes = CHANNELS - (OutWords - 1) * OUT_LANES;
  function automatic int common_divisor(input int one, input int other);
    int a, b, rest;
    a = one;
    b = other;
    while (b != 0) begin
      rest = a % b;
      a = b;
      b = rest;
    end
    common_divisor = a;
  endfunction
  localparam int Unit = common_divisor(IN_LANES, OUT_LANES);
  localparam int Latency = 2;

  // Words that become wider leave as soon as they are there, so that a ring of as many lanes as words in
  // and words out share is enough; else a whole pixel is kept.
  localparam int Shared = IN_LANES / Unit * OUT_LANES;
  localparam bit Ring = IN_LANES < OUT_LANES && Shared < CHANNELS;
  localparam int InSlots = Ring ? Shared / IN_LANES : InWords;
  localparam int OutSlots = Ring ? Shared / OUT_LANES : OutWords;
  localparam int InBits = InSlots > 1 ? $clog2(InSlots) : 1;
  localparam int OutBits = OutSlots > 1 ? $clog2(OutSlots) : 1;

  logic room, reads, writes, go, claim, ends, push, enough;
  logic in_last, in_done, all_read, out_last, out_done, all_sent;
  logic [InBits-1:0] in_slot;
  logic [OutBits-1:0] out_slot;
  assign reads   = !all_read;
  assign writes  = !all_sent && (all_read || in_last || enough);
  assign go      = (!reads || in_valid) && (!writes || room);
  assign in_take = go && reads;
  assign claim   = go && writes;
  always_ff @(posedge clock) begin
    if (reset || ends) {all_read, all_sent} <= '0;
    else {all_read, all_sent} <= {all_read || in_done, all_sent || out_done};
  end

  // Steps of a pixel, words of it, and where these lie.
  /* verilator lint_off UNUSEDSIGNAL */
  logic [(STEPS > 1 ? $clog2(STEPS) : 1)-1:0] step;
  logic [(InWords > 1 ? $clog2(InWords) : 1)-1:0] in_word;
  logic [(OutWords > 1 ? $clog2(OutWords) : 1)-1:0] out_word;
  logic step_last;
  /* verilator lint_on UNUSEDSIGNAL */
  licc_counter #(
      .COUNT(STEPS)
  ) step_counter (
      .clock, .reset, .step(go), .value(step), .last(step_last), .wrap(ends)
  );
  licc_counter #(
      .COUNT(InWords)
  ) in_counter (
      .clock, .reset(reset || ends), .step(in_take), .value(in_word), .last(in_last), .wrap(in_done)
  );
  licc_counter #(
      .COUNT(OutWords)
  ) out_counter (
      .clock, .reset(reset || ends), .step(claim), .value(out_word), .last(out_last), .wrap(out_done)
  );
  if (Ring) begin : g_ring
    /* verilator lint_off UNUSEDSIGNAL */
    logic in_slot_last, in_slot_wrap, out_slot_last, out_slot_wrap;
    /* verilator lint_on UNUSEDSIGNAL */
    licc_counter #(
        .COUNT(InSlots)
    ) in_slot_counter (
        .clock, .reset(reset || ends), .step(in_take), .value(in_slot), .last(in_slot_last),
        .wrap(in_slot_wrap)
    );
    licc_counter #(
        .COUNT(OutSlots)
    ) out_slot_counter (
        .clock, .reset(reset || ends), .step(claim), .value(out_slot), .last(out_slot_last),
        .wrap(out_slot_wrap)
    );
  end else begin : g_pixel
    assign {in_slot, out_slot} = {in_word, out_word};
  end

  // What has come and not gone, before the last word in.
  if (IN_LANES < OUT_LANES) begin : g_widens
    localparam int HeldBits = $clog2(OUT_LANES / Unit);
    localparam bit [HeldBits-1:0] Missing = HeldBits'((OUT_LANES - IN_LANES) / Unit);
    logic [HeldBits-1:0] held;
    assign enough = held >= Missing;
    always_ff @(posedge clock) begin
      if (reset || ends) held <= '0;
      else if (in_take) held <= enough ? held - Missing : held + HeldBits'(IN_LANES / Unit);
    end
  end else begin : g_narrows
    assign enough = 1'b1;
  end

  // The lanes that are kept, and a step later the word that leaves them.
  logic [InSlots*IN_LANES*INPUT_BITS-1:0] kept;
  logic [OUT_LANES*INPUT_BITS-1:0] chosen, result;
  logic [OutBits-1:0] slot_1;
  always_ff @(posedge clock) begin
    for (int i = 0; i < InSlots; i++)
      if (in_take && in_slot == InBits'(i))
        kept[i*IN_LANES*INPUT_BITS+:IN_LANES*INPUT_BITS] <= in_data;
    slot_1 <= out_slot;
  end
  licc_select #(
      .BITS (OUT_LANES * INPUT_BITS),
      .WORDS(OutSlots)
  ) select (
      .words((OutSlots * OUT_LANES * INPUT_BITS)'(kept)), .index(slot_1), .word(chosen)
  );
  if (LastLanes == OUT_LANES) begin : g_full
    wire unused_last = out_last;
    always_ff @(posedge clock) result <= chosen;
  end else begin : g_padded
    logic last_1;
    always_ff @(posedge clock) begin
      last_1 <= out_last;
      result <= chosen;
      if (last_1) result[OUT_LANES*INPUT_BITS-1:LastLanes*INPUT_BITS] <= '0;
    end
  end
  wire unused = &{1'b0, kept};

  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(claim), .out(push)
  );
  licc_fifo #(
      .BITS  (OUT_LANES * INPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim, .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
