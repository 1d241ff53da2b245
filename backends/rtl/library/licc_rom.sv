// DEPTH constants of BITS bits from a file of $readmemh, read in a cycle. MEMORY is bram, lutram, or
// registers; the latter two are LUTs, which yosys calls logic in a memory that is never written.
module licc_rom #(
    parameter int BITS = 8,
    parameter int DEPTH = 2,
    parameter MEMORY = "lutram",
    parameter FILE = "rom.hex",
    parameter int ADDRESS_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic                    clock,
    input  logic [ADDRESS_BITS-1:0] address,
    output logic [        BITS-1:0] data
);
  if (MEMORY == "bram") begin : g_bram
    (* rom_style = "block", ram_style = "block" *) logic [BITS-1:0] words[DEPTH];
    initial $readmemh(FILE, words);
    always_ff @(posedge clock) data <= words[address];
  end else if (DEPTH == 1) begin : g_constant
    wire unused_address = address[0];
    logic [BITS-1:0] words[1];
    initial $readmemh(FILE, words);
    always_ff @(posedge clock) data <= words[0];
  end else begin : g_lutram
    (* ram_style = "logic", rom_style = "distributed" *) logic [BITS-1:0] words[DEPTH];
    initial $readmemh(FILE, words);
    always_ff @(posedge clock) data <= words[address];
  end
endmodule
