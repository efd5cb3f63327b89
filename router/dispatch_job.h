/* Making a job from an episode: what a worker needs to decide, and no more (no names, numbers, addresses or letter). */
#ifndef ROUTER_DISPATCH_JOB_H
#define ROUTER_DISPATCH_JOB_H

#include "router/dispatch.h"

/* Purpose: add the job message for job->episode_id to a frame; sets job->sequence.
 * Errors: false where the episode waits for no such job (any more) or its referral cannot be read: nothing is added. */
bool dispatch_job_add(struct dispatch *dispatch, struct job *job, struct wire_buffer *frame);

#endif
