module f_read_axis (
    input logic clock,
    input logic reset,
    output logic out_valid,
    output logic [15:0] out_data,
    input logic out_take,
    input logic tvalid,
    output logic tready,
    input logic [15:0] tdata
);
  licc_read_axis #(
    .INPUT_BITS(8),
    .LANES(2),
    .OUT_DEPTH(2),
    .OUT_MEMORY("lutram")
  ) actor (
    .clock,
    .reset,
    .out_valid,
    .out_data,
    .out_take,
    .tvalid,
    .tready,
    .tdata
  );
endmodule
