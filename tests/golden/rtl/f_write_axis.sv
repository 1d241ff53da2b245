module f_write_axis (
    input logic clock,
    input logic reset,
    input logic in_valid,
    input logic [15:0] in_data,
    output logic in_take,
    output logic tvalid,
    input logic tready,
    output logic [15:0] tdata,
    output logic tuser,
    output logic tlast
);
  licc_write_axis #(
    .INPUT_BITS(8),
    .INPUT_SIGNED(1),
    .LANES(2),
    .LINE_WORDS(8),
    .HEIGHT(4)
  ) actor (
    .clock,
    .reset,
    .in_valid,
    .in_data,
    .in_take,
    .tvalid,
    .tready,
    .tdata,
    .tuser,
    .tlast
  );
endmodule
