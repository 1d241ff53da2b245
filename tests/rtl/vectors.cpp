// Clocks a simulated module (the class Vtop) once for every row of a file, and writes down its output.
//
//   vectors INPUT OUTPUT
//
// A row is `in`, eight words of 64 bits. OUTPUT gets `out`, as it is before the clock's edge.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "Vtop.h"
#include "verilated.h"

int main(int argc, char **argv) {
    if (argc != 3) return 3;
    std::ifstream input(argv[1], std::ios::binary);
    std::ofstream output(argv[2], std::ios::binary);
    const auto context = std::make_unique<VerilatedContext>();
    const auto top = std::make_unique<Vtop>(context.get());
    char row[64];
    top->clock = 0;
    top->eval();
    while (input.read(row, sizeof row)) {
        std::memcpy(&top->in, row, sizeof row);
        top->eval();
        output.write(reinterpret_cast<const char *>(&top->out), sizeof top->out);
        top->clock = 1;
        top->eval();
        top->clock = 0;
    }
    top->final();
    return 0;
}
