#pragma HLS inline // expect: pragma-place "`inline` stands outside of any function"

int good(int x) {
#pragma HLS INTERFACE mode=s_axilite port=return
#pragma HLS interface \
    mode=ap_none port=x
    int values[8] = {};
#pragma HLS array_partition variable=values dim=1 type=complete
#pragma HLS bind_storage variable=values type=ram_2p impl=bram latency=-1
#pragma HLS dependence variable=values type=inter direction=raw dependent=false
    for (int i = 0; i < 8; ++i) {
#pragma HLS pipeline II=1 style=flp
        values[i] = x;
    }
#ifndef __SYNTHESIS__
#pragma HLS unknown
#endif
    /*
#pragma HLS unknown
    */
    return values[x];
}

int wrong(int x) {
#pragma HLS pipelin II=1                             // expect: pragma-name "there is no pragma `pipelin`; the nearest is `pipeline`"
#pragma HLS resource variable=x core=RAM_1P_BRAM     // expect: pragma-deprecated "`resource` is deprecated; bind_storage and bind_op do its work"
#pragma HLS pipeline interval=1                      // expect: pragma-option "`pipeline` has no option `interval=`; it has ii=, style=, enable_flush, off, rewind"
#pragma HLS pipeline II=1 II=2                       // expect: pragma-option "`pipeline` has `ii` 2 times"
#pragma HLS pipeline slow                            // expect: pragma-option "`pipeline` has no option `slow`"
#pragma HLS bind_storage variable=x impl=bram        // expect: pragma-required "`bind_storage` needs `type=`"
#pragma HLS bind_storage variable=x type=ram impl=bram // expect: pragma-value "type must be one of fifo, ram_1p"
#pragma HLS pipeline II=0                            // expect: pragma-value "`pipeline`: ii must be at least 1, found 0"
#pragma HLS pipeline II=1.5                          // expect: pragma-value "ii must be a whole number, found 1.5"
#pragma HLS pipeline II=                             // expect: pragma-value "`ii=` has no value"
#pragma HLS pipeline II = 1                          // expect: pragma-spaces "a space beside the = of `ii`; write ii=1"
#pragma HLS stable variable=y                        // expect: pragma-variable "`stable` names `y`, which is not declared here"
#pragma HLS stable variable=later                    // expect: pragma-variable "`later`"
    int later = x;
    {
        int inner = later;
    }
#pragma HLS stable variable=inner                    // expect: pragma-variable "`inner`"
    return later;
}
