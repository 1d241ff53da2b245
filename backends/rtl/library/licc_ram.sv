// DEPTH words of BITS bits with a write port and a read port, read in a cycle: what was there before.
module licc_ram #(
    parameter int BITS = 8,
    parameter int DEPTH = 2,
    parameter MEMORY = "bram",
    parameter int ADDRESS_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic                    clock,
    input  logic                    write,
    input  logic [ADDRESS_BITS-1:0] write_address,
    input  logic [        BITS-1:0] value,
    input  logic [ADDRESS_BITS-1:0] address,
    output logic [        BITS-1:0] data
);
  if (MEMORY == "bram") begin : g_bram
    (* ram_style = "block" *) logic [BITS-1:0] words[DEPTH];
    always_ff @(posedge clock) begin
      if (write) words[write_address] <= value;
      data <= words[address];
    end
  end else begin : g_lutram
    (* ram_style = "distributed" *) logic [BITS-1:0] words[DEPTH];
    always_ff @(posedge clock) begin
      if (write) words[write_address] <= value;
      data <= words[address];
    end
  end
endmodule
