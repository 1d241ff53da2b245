template <int SIZE, bool CUT> int partitioned(int x) {
    int values[SIZE] = {};
    if constexpr (CUT) {
#pragma HLS array_partition variable=values type=complete // expect: array-pieces "`values` of `partitioned<1025, 1>` is cut into 1,025 pieces; at most 1,024"
    }
    return values[x];
}

int good(int x) {
    int table[64][2048] = {};
#pragma HLS array_partition variable=table dim=1 type=complete
#pragma HLS array_partition variable=table dim=2 type=cyclic factor=16
    int wide[4][4096];
#pragma HLS array_reshape variable=wide dim=2 type=complete
    return table[x][x] + partitioned<1024, true>(x) + partitioned<1025, false>(x);
}

int cut(int x) { return partitioned<1025, true>(x); }

int twice(int x) {
    int table[64][2048] = {};
#pragma HLS array_partition variable=table dim=1 type=complete
#pragma HLS array_partition variable=table dim=2 type=block factor=17 // expect: array-pieces "cut into 1,088 pieces"
    return table[x][x];
}

int all(const int (&table)[33][32]) {
#pragma HLS array_partition variable=table dim=0 // expect: array-pieces "`table` of `all` is cut into 1,056 pieces"
    return table[0][0];
}

int scalar(int x) {
#pragma HLS array_partition variable=x // expect: array-pieces "`x` of `scalar` is a int; only an array of constant size"
    return x;
}

int flat(int x) {
    int table[8] = {};
#pragma HLS array_partition variable=table dim=2 // expect: array-pieces "dim=2 of `table`, which has 1 dimensions"
    return table[x];
}
