/*
 * Internal to send/: a lane is a thread that delivers by the channel, over one line at a time. It knows neither store nor
 * letters nor pace: it asks the run for everything by calls, all of which come in by one queue, and waits for its answers.
 */
#ifndef PLICO_SEND_LANE_H
#define PLICO_SEND_LANE_H

#include "send/send.h"

typedef struct Lane Lane;

/* A message on its way through a run. The run owns it, but for the time between lane_give() and CALL_END. */
typedef struct {
	SendJob job;
	Dispatch *dispatch;
	char *envelope_from;
	Packet *packet;	 /* (nullable): made, and not yet in the archive */
	gsize size;	 /* of the message, once it is made */
	GBytes *message; /* (nullable): its bytes, once the archive has it */
	Lane *lane;	 /* (nullable): that has it */
	gint withdrawn;	 /* atomic: it shall not leave unless its body has begun to */
	enum { DOT_UNASKED, DOT_ASKED, DOT_GRANTED, DOT_REFUSED } dot; /* under the lane's lock */
} Task;

/* @dispatch: (transfer full). */
Task *task_new(const Config *config, Dispatch *dispatch);
void task_free(Task *task);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Task, task_free)

typedef enum {
	CALL_IDLE, /* the lane wants a message: lane_give() or lane_hang_up() answers, whenever there is one */
	CALL_DOT,   /* the end of @task comes near: lane_answer_dot() */
	CALL_END,   /* what became of @task; it is the run's again */
	CALL_FAULT, /* the line failed by nobody's address: @error */
	CALL_KEPT /* @tasks are in the archive, those that have their message, or @error tells why not; keeper.h */
} CallKind;

typedef struct {
	CallKind kind;
	Lane *lane;
	Task *task;
	GPtrArray *tasks; /* (nullable), of Task */
	GError *error;	  /* (nullable) */
	gboolean line;	  /* CALL_IDLE: it has one open */
} Call;

void call_free(Call *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Call, call_free)

/* Begins to work. Its calls go into @calls; @config must not change while it lives. Returns: (transfer full) */
Lane *lane_new(const Channel *channel, const Config *config, GAsyncQueue *calls);
/* It must be idle: it hangs up, and its thread ends. */
void lane_free(Lane *lane);

/* @task: (transfer full), until CALL_END. Only where the lane is idle. */
void lane_give(Lane *lane, Task *task);
/* The lane's line is not wanted for a while. It calls again at once, without a line. Only where the lane is idle. */
void lane_hang_up(Lane *lane);
/* Whether the mark for @task is committed. */
void lane_answer_dot(Task *task, gboolean granted);

#endif
