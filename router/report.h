/* The lines that the router's parts write to the log, all in one place: what an administrator reads, in the order of a
 * message's way. main and the loop write their own. Never patient data. */
#ifndef ROUTER_REPORT_H
#define ROUTER_REPORT_H

#include "router/care/event.h"

/* --- sockets --- */
void report_bind_failed(const char *role, const char *endpoint, const char *problem, bool in_use);

/* --- clients --- */
void report_frame_refused(size_t bytes, int error, uint64_t dropped);
void report_query_failed(uint8_t verb, int error);

/* --- the store --- */
void report_store_failed(const char *during, uint64_t last_sequence, const char *problem);
void report_not_recorded(const char *problem);
/* Purpose: STEPCARE_TRACE: leases under "lease", all other events under "episode", flushes under "ledger". */
bool report_events_traced(void);
void report_event(const struct event *event);
void report_flushed(uint64_t events, uint64_t head);

/* --- workers --- */
void report_worker_connected(unsigned worker, uint32_t kinds, uint32_t credit);
void report_worker_gone(unsigned worker, uint32_t jobs, const char *why);
void report_worker_refused(const char *problem);
void report_worker_frame_dropped(size_t bytes);
void report_worker_message_dropped(void);
/* field: "" where it is none. */
void report_worker_message_refused(uint8_t verb, int error, const char *field, uint64_t refused);
void report_job_unreadable(uint64_t sequence);

/* --- the pathway --- */
void report_pathway_adopted(const char *version, const char *hash);

#endif
