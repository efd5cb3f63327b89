/* Making a job from an episode: what a worker needs to decide, and no more (no names, numbers, addresses or letter).
 * Used by dispatch.c for every job that goes out. */
#ifndef ROUTER_DISPATCH_JOB_H
#define ROUTER_DISPATCH_JOB_H

#include "router/dispatch.h"

/* Purpose: add the job message for job->episode_id to a frame; sets job->sequence. Returns NOT_WAITING where the
 * episode waits for no such job (any more), UNREADABLE where its referral cannot be read; nothing is added then. */
enum dispatch_job { DISPATCH_JOB_ADDED, DISPATCH_JOB_NOT_WAITING, DISPATCH_JOB_UNREADABLE };
enum dispatch_job dispatch_job_add(struct dispatch *dispatch, struct job *job, struct buffer *frame);

#endif
