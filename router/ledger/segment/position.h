/* A place in the segment files as one number, for marks and messages. */
#ifndef ROUTER_LEDGER_SEGMENT_POSITION_H
#define ROUTER_LEDGER_SEGMENT_POSITION_H

#include "base/must.h"

#include <stdint.h>

static inline uint32_t ledger_position_segment(uint64_t position)
{
    return (uint32_t)(position >> 32);
}

static inline uint32_t ledger_position_offset(uint64_t position)
{
    return (uint32_t)position;
}

static inline uint64_t ledger_position(uint32_t segment, uint64_t offset)
{
    must(segment > 0);
    must(offset <= UINT32_MAX);
    return (uint64_t)segment << 32 | offset;
}

#endif
