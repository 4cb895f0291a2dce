/*
 * What the parts of the reflector share. Private to reflector*.c.
 *
 * reflector.c       life, freshness, trying again, what is shown
 * reflector_list.c  LIST in pages
 * reflector_watch.c streaming lists and watches
 */
#pragma once

#include "base/text.h"
#include "kube/item_store.h"
#include "kube/reflector.h"

enum {
    REFLECTOR_OBJECT_LIMIT = 200000,
    REFLECTOR_PAGE_LIMIT = 500, /* client-go's */
};

enum reflector_phase {
    REFLECTOR_WAITING, /* for the next try, or nothing more to do */
    REFLECTOR_PAGES,
    REFLECTOR_STREAM, /* the initial events of a streaming list */
    REFLECTOR_WATCH,
};

/* Shared with jobs that may outlive the reflector. The count is touched on the loop's thread only. */
struct shared_projection {
    struct kube_projection projection;
    unsigned users;
};

struct kube_reflector {
    struct kube_client *client;
    struct loop *loop;
    struct kube_reflector_options options; /* its texts are copies */
    struct shared_projection *shared;

    struct item_store shown;    /* what can be read */
    struct item_store arriving; /* a list that is not complete yet */
    bool complete;

    enum reflector_phase phase;
    char *resource_version; /* where to go on watching; NULL: a list is needed */
    struct kube_call *call;
    struct loop_job *job;
    struct loop_timer *retry;
    int failures; /* since the server last said something useful */

    /* Of the paged list. */
    char *continue_token; /* NULL: from the beginning */
    unsigned page_limit;  /* 0: everything at once */

    /* Of the stream. */
    bool stream_refused;    /* no streaming lists here */
    struct text incoming;   /* bytes that no job has taken yet start at `taken` */
    size_t taken;
    size_t searched;        /* no newline up to here */
    struct loop_timer *flush;
    struct loop_timer *quiet; /* of the initial events */
    int64_t started_ms;
    size_t streamed;        /* bytes of this stream so far */
    bool accepted;          /* a 2xx head has come */
    bool ended;             /* nothing more will come; `end_reason` says why, code NONE: as agreed */
    bool ended_silent;
    int64_t retry_after_ms; /* −1: not told */
    struct error end_reason;

    enum kube_freshness freshness;
    struct error reason;
    int64_t heard_ms;

    unsigned busy; /* callbacks under way: the user may free the reflector in one of them */
    bool dead;
};

/* Around everything that the loop calls, because the user may be called from there. After leave() the reflector may be gone; between the two,
 * work stops as soon as `dead` is set. */
void reflector_enter(struct kube_reflector *reflector);
void reflector_leave(struct kube_reflector *reflector);

int64_t reflector_now(const struct kube_reflector *reflector);
char *reflector_path(const struct kube_reflector *reflector); /* the collection with its selectors; owned by the caller */
struct shared_projection *reflector_share(struct kube_reflector *reflector);
void reflector_unshare(struct shared_projection *shared);

/* The server was heard; what is shown is current, if it is complete. */
void reflector_heard(struct kube_reflector *reflector);
void reflector_live(struct kube_reflector *reflector);
void reflector_stale(struct kube_reflector *reflector, const struct error *reason);

/* Where to go on: a watch from the last version, else a list. */
void reflector_begin(struct kube_reflector *reflector);
void reflector_forget_version(struct kube_reflector *reflector);
void reflector_drop_connection(struct kube_reflector *reflector);
/* Drops the connection, says why, and tries again later. */
void reflector_fail(struct kube_reflector *reflector, const struct error *reason, int64_t retry_after_ms);
void reflector_retry_in(struct kube_reflector *reflector, int64_t delay_ms);

/* One object has changed; the item is the reflector's from then on. */
void reflector_put(struct kube_reflector *reflector, struct kube_item *item);
void reflector_take_away(struct kube_reflector *reflector, const struct kube_item *key);
/* `arriving` is a whole list: it replaces what is shown, differences are told. */
void reflector_take_over(struct kube_reflector *reflector);
bool reflector_has_too_many(struct kube_reflector *reflector); /* then it has failed */

/* reflector_list.c */
void reflector_ask_page(struct kube_reflector *reflector);

/* reflector_watch.c */
void reflector_ask_watch(struct kube_reflector *reflector, bool list_first);
void reflector_drop_stream(struct kube_reflector *reflector);
