// All actors of a design.
#ifndef LICC_LICC_H
#define LICC_LICC_H

#include "absolute.h"
#include "add.h"
#include "axis.h"
#include "convert_width.h"
#include "convolve.h"
#include "dataflow.h"
#include "fork.h"
#include "line_buffer.h"
#include "mac.h"
#include "normalize.h"
#include "offset.h"
#include "requantize.h"

#endif
