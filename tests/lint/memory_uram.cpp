int good(int x) {
    int values[4096];
#pragma HLS bind_storage variable=values type=ram_2p impl=bram
    return values[x];
}

int wrong(int x) {
    int values[4096];
#pragma HLS bind_storage variable=values type=ram_2p impl=uram // expect: memory-uram "`bind_storage` asks for impl=uram; the part has none"
    return values[x];
}
