module conv_line_buffer (
    input logic clock,
    input logic reset,
    input logic in_valid,
    input logic [15:0] in_data,
    output logic in_take,
    output logic out_valid,
    output logic [47:0] out_data,
    input logic out_take
);
  licc_line_buffer #(
    .INPUT_BITS(8),
    .IN_LANES(2),
    .TAPS(3),
    .NEIGHBOURS(1),
    .KERNEL(3),
    .PHASES(1),
    .STEP(1),
    .CHANNEL_GROUPS(1),
    .WIDTH(4),
    .HEIGHT(4),
    .ROWS(4),
    .COLUMNS(4),
    .REPEAT(1),
    .LEAST(-1),
    .MOST(1),
    .READS(12),
    .TAP_COUNTS(8'h3),
    .TAP_OFFSETS(48'h10000ffff),
    .BANKS(24'h0),
    .BANK_READERS(24'h0),
    .BANK_COLUMNS(48'h10000ffff),
    .MEMORY("lutram"),
    .OUT_DEPTH(2),
    .OUT_MEMORY("lutram")
  ) actor (
    .clock,
    .reset,
    .in_valid,
    .in_data,
    .in_take,
    .out_valid,
    .out_data,
    .out_take
  );
endmodule
