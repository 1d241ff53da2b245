// The FIFO behind an actor: DEPTH words, and as many more as the actor's pipeline may hold (SLACK), for
// the pipeline never stops.
//
// A step that will write takes a place (`claim`) if there is one (`room`); its word comes SLACK cycles
// later (`push`). `data` is the oldest word while `valid`; `take` removes it. MEMORY "bram" reads
// through the memory's register, which a word needs a cycle more for.
//
// A simulation prints the most words that it held, and what it holds at the end.
module licc_fifo #(
    parameter int BITS = 8,
    parameter int DEPTH = 2,
    parameter int SLACK = 0,
    parameter MEMORY = "lutram"
) (
    input  logic            clock,
    input  logic            reset,
    output logic            room,
    input  logic            claim,
    input  logic            push,
    input  logic [BITS-1:0] push_data,
    output logic            valid,
    output logic [BITS-1:0] data,
    input  logic            take
);
  localparam int Words = DEPTH + SLACK;
  localparam int CountBits = $clog2(Words + 1);

  logic [CountBits-1:0] claimed, held;
  logic arrived;

  assign room  = claimed != CountBits'(Words);
  assign valid = held != '0;

  always_ff @(posedge clock) begin
    if (reset) begin
      claimed <= '0;
      held <= '0;
    end else begin
      claimed <= claimed + CountBits'(claim) - CountBits'(take);
      held <= held + CountBits'(arrived) - CountBits'(take);
    end
  end

  if (Words == 1) begin : g_single
    logic [BITS-1:0] word;
    assign arrived = push;
    assign data = word;
    always_ff @(posedge clock) if (push) word <= push_data;
  end else begin : g_ring
    localparam int IndexBits = $clog2(Words);
    logic [IndexBits-1:0] first, free;
    /* verilator lint_off UNUSEDSIGNAL */
    logic first_last, free_last, first_wrap, free_wrap;
    /* verilator lint_on UNUSEDSIGNAL */
    licc_counter #(
        .COUNT(Words)
    ) read_place (
        .clock, .reset, .step(take), .value(first), .last(first_last), .wrap(first_wrap)
    );
    licc_counter #(
        .COUNT(Words)
    ) write_place (
        .clock, .reset, .step(push), .value(free), .last(free_last), .wrap(free_wrap)
    );
    if (MEMORY == "bram") begin : g_bram
      (* ram_style = "block" *) logic [BITS-1:0] words[Words];
      logic [IndexBits-1:0] next;
      logic [BITS-1:0] front;
      assign next = !take ? first : first_last ? '0 : first + 1'b1;
      always_ff @(posedge clock) begin
        if (push) words[free] <= push_data;
        front <= words[next];
        arrived <= push && !reset;
      end
      assign data = front;
    end else begin : g_lutram
      (* ram_style = "distributed" *) logic [BITS-1:0] words[Words];
      always_ff @(posedge clock) if (push) words[free] <= push_data;
      assign data = words[first];
      assign arrived = push;
    end
  end

`ifndef SYNTHESIS
  int most, writing;
  always_ff @(posedge clock) begin
    if (reset) begin
      most <= 0;
      writing <= 0;
    end else begin
      if (int'(held) > most) most <= int'(held);
      writing <= writing + int'(claim) - int'(push);
      if (take && !valid) $fatal(1, "%m: a word is taken that is not there");
      if (claim && !room) $fatal(1, "%m: a place is claimed that is not there");
      if (writing > SLACK) $fatal(1, "%m: the pipeline holds more words than SLACK");
    end
  end
  final $display("fifo %m %0d %0d %0d %0d", most, held, DEPTH, SLACK);
`endif
endmodule
