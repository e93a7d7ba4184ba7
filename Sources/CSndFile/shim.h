// libsndfile as Swift sees it. Nothing else: no policy, no state. The library's own declarations are plain C and import as they are.
#pragma once

#include <sndfile.h>
