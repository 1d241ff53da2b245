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
  localparam int Padded = InWords * IN_LANES > OutWords * OUT_LANES ? InWords * IN_LANES
      : OutWords * OUT_LANES;
  localparam int CountBits = $clog2(Padded + OUT_LANES + 1) + 1;
  localparam int StepBits = STEPS > 1 ? $clog2(STEPS) : 1;
  localparam int Latency = 2;

  logic room, reads, writes, go, ends, push, unused_last;
  logic [StepBits-1:0] unused_step;
  logic [CountBits-1:0] received, received_now, sent, wanted;
  assign reads = received < CountBits'(CHANNELS);
  assign received_now = reads ? received + CountBits'(IN_LANES) : received;
  assign wanted = sent + CountBits'(OUT_LANES);
  assign writes = sent < CountBits'(CHANNELS)
      && (received_now >= CountBits'(CHANNELS) || received_now >= wanted);
  assign go = (!reads || in_valid) && (!writes || room);
  assign in_take = go && reads;
  licc_counter #(
      .COUNT(STEPS)
  ) step_counter (
      .clock, .reset, .step(go), .value(unused_step), .last(unused_last), .wrap(ends)
  );
  always_ff @(posedge clock) begin
    if (reset || ends) {received, sent} <= '0;
    else if (go) begin
      received <= received_now;
      if (writes) sent <= wanted;
    end
  end

  // The pixel, and a step later the word that leaves it.
  logic [Padded*INPUT_BITS-1:0] pixel;
  logic [OUT_LANES*INPUT_BITS-1:0] chosen, result;
  logic [CountBits-1:0] sent_1;
  always_ff @(posedge clock) begin
    for (int i = 0; i < InWords; i++)
      if (in_take && received == CountBits'(i * IN_LANES))
        pixel[i*IN_LANES*INPUT_BITS+:IN_LANES*INPUT_BITS] <= in_data;
    sent_1 <= sent;
  end
  logic [Padded*INPUT_BITS-1:0] known;
  for (genvar i = 0; i < Padded; i++) begin : g_known
    assign known[i*INPUT_BITS+:INPUT_BITS] = i < CHANNELS ? pixel[i*INPUT_BITS+:INPUT_BITS] : '0;
  end
  always_comb begin
    chosen = known[OUT_LANES*INPUT_BITS-1:0];
    for (int i = 1; i < OutWords; i++)
      if (sent_1 == CountBits'(i * OUT_LANES))
        chosen = known[i*OUT_LANES*INPUT_BITS+:OUT_LANES*INPUT_BITS];
  end
  always_ff @(posedge clock) result <= chosen;
  wire unused = &{1'b0, pixel};

  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(go && writes), .out(push)
  );
  licc_fifo #(
      .BITS  (OUT_LANES * INPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(go && writes), .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
