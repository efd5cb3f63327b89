/* The engine of every store: segment files. See engine.h; another engine is put here. */
#include "router/store/engine.h"

#include "router/ledger/segment/segment_engine.h"

enum stepcare_error store_engine_make(const struct config *config, const char *directory, bool read_only,
                                      struct ledger_engine **out_engine)
{
    const struct segment_options options = {.directory = directory,
                                            .segment_bytes = config->segment_bytes,
                                            .block_bytes_max = STORE_BLOCK_BYTES_MAX,
                                            .read_only = read_only};
    return segment_engine_make(&options, out_engine);
}
