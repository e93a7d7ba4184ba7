// libebur128, loudness after EBU R 128, as Swift sees it. Nothing else: no policy, no state.
#pragma once

#include <ebur128.h>
