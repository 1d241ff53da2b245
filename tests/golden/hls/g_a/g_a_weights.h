// ROMs of g_a, cut into words as its actors read them; zeros fill up words.
#ifndef LICC_CORE_g_a_WEIGHTS_H
#define LICC_CORE_g_a_WEIGHTS_H

static const signed char g_a_0_convolve_weights[2][4][6] = {
{{1,5,9,3,7,11},
{2,6,10,4,8,12},
{21,25,29,23,27,31},
{22,26,30,24,28,32}},
{{-1,-5,-9,-3,-7,-11},
{-2,-6,-10,-4,-8,-12},
{0,0,0,0,0,0},
{0,0,0,0,0,0}},
};

static const short g_a_0_convolve_bias[2][2] = {
{100,-200},
{300,0},
};

static const int g_a_0_convolve_multiplier[2][2] = {
{70000,80000},
{90000,0},
};

static const int g_a_0_convolve_negative[2][2] = {
{700,60000},
{900,0},
};

static const long long g_a_1_normalize_beta[3][1] = {
{1000},
{2000},
{3000},
};

static const unsigned int g_a_1_normalize_gamma[1][6][2] = {
{{1,2},
{3,0},
{4,5},
{6,0},
{7,8},
{9,0}},
};

static const int g_a_1_normalize_multiplier[3][1] = {
{70000},
{80000},
{30000},
};

#endif
