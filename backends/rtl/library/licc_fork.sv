// stream.fork: copies every word to two readers, a word a step.
module licc_fork #(
    parameter int BITS = 8,
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram",
    parameter int SECOND_DEPTH = 2,
    parameter SECOND_MEMORY = "lutram"
) (
    input  logic            clock,
    input  logic            reset,
    input  logic            in_valid,
    input  logic [BITS-1:0] in_data,
    output logic            in_take,
    output logic            out_valid,
    output logic [BITS-1:0] out_data,
    input  logic            out_take,
    output logic            second_valid,
    output logic [BITS-1:0] second_data,
    input  logic            second_take
);
  logic room, second_room;
  assign in_take = in_valid && room && second_room;
  licc_fifo #(
      .BITS  (BITS),
      .DEPTH (OUT_DEPTH),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(in_take), .push(in_take), .push_data(in_data), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
  licc_fifo #(
      .BITS  (BITS),
      .DEPTH (SECOND_DEPTH),
      .MEMORY(SECOND_MEMORY)
  ) second (
      .clock, .reset, .room(second_room), .claim(in_take), .push(in_take), .push_data(in_data),
      .valid(second_valid), .data(second_data), .take(second_take)
  );
endmodule
