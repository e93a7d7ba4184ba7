// The SoX resampler as Swift sees it. Nothing else: no policy, no state.
#pragma once

#include <soxr.h>
