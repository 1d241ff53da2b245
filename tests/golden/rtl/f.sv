// f: 2 x 4 x 4 integers of 8 bits in words of 2 in, 4 x 4 x 4 integers of 8 bits in words of 2 out.
module f (
    input logic clock,
    input logic reset,
    input logic in_tvalid,
    output logic in_tready,
    input logic [15:0] in_tdata,
    output logic out_tvalid,
    input logic out_tready,
    output logic [15:0] out_tdata,
    output logic out_tuser,
    output logic out_tlast
);
  logic f_read_axis_out_valid, f_read_axis_out_take;
  logic [15:0] f_read_axis_out_data;
  logic conv_line_buffer_out_valid, conv_line_buffer_out_take;
  logic [47:0] conv_line_buffer_out_data;
  logic conv_convolve_out_valid, conv_convolve_out_take;
  logic [15:0] conv_convolve_out_data;

  f_read_axis f_read_axis_actor (
    .clock(clock),
    .reset(reset),
    .out_valid(f_read_axis_out_valid),
    .out_data(f_read_axis_out_data),
    .out_take(f_read_axis_out_take),
    .tvalid(in_tvalid),
    .tready(in_tready),
    .tdata(in_tdata)
  );

  conv_line_buffer conv_line_buffer_actor (
    .clock(clock),
    .reset(reset),
    .in_valid(f_read_axis_out_valid),
    .in_data(f_read_axis_out_data),
    .in_take(f_read_axis_out_take),
    .out_valid(conv_line_buffer_out_valid),
    .out_data(conv_line_buffer_out_data),
    .out_take(conv_line_buffer_out_take)
  );

  conv_convolve conv_convolve_actor (
    .clock(clock),
    .reset(reset),
    .in_valid(conv_line_buffer_out_valid),
    .in_data(conv_line_buffer_out_data),
    .in_take(conv_line_buffer_out_take),
    .out_valid(conv_convolve_out_valid),
    .out_data(conv_convolve_out_data),
    .out_take(conv_convolve_out_take)
  );

  f_write_axis f_write_axis_actor (
    .clock(clock),
    .reset(reset),
    .in_valid(conv_convolve_out_valid),
    .in_data(conv_convolve_out_data),
    .in_take(conv_convolve_out_take),
    .tvalid(out_tvalid),
    .tready(out_tready),
    .tdata(out_tdata),
    .tuser(out_tuser),
    .tlast(out_tlast)
  );
endmodule
