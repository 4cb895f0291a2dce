#include "situation/changes_live.h"
#include "base/memory.h"
#include "situation/skew.h"
#include <stdlib.h>

/* What a job is made of and makes. The records are only read by it. */
struct computation {
    struct changes_live *changes;
    struct computation *next;            /* of the stale ones */
    const struct playbook *playbook;     /* held; NULL: none */
    const struct helm_record *from, *to; /* held */
    struct change_set *set;
    bool *skewed;
    char *skew;
};

struct changes_live {
    struct loop *loop;
    void (*on_change)(void *context);
    void *context;
    struct loop_job *job;
    struct computation *running; /* owned by the job */
    struct computation *done;    /* NULL: none yet */
    struct computation *stale;   /* what a picture may still show; chained */
};

static void free_computation(void *data)
{
    struct computation *computation = data;
    if (computation == NULL)
        return;
    change_set_free(computation->set);
    free(computation->skewed);
    free(computation->skew);
    helm_record_free(computation->from);
    helm_record_free(computation->to);
    playbook_free((struct playbook *)computation->playbook);
    free(computation);
}

static void compute(void *data)
{
    struct computation *computation = data;
    const struct helm_record *from = computation->from;
    const char *version = *from->app_version != '\0' ? from->app_version : from->chart_version;
    computation->set = change_set_make(computation->playbook, from, computation->to);
    computation->skewed = memory_new_array(computation->set->component_count, sizeof *computation->skewed);
    computation->skew = skew_describe(computation->set, version, computation->skewed);
}

static void computed(void *data)
{
    struct computation *computation = data;
    struct changes_live *changes = computation->changes;
    changes->job = NULL;
    changes->running = NULL;
    if (changes->done != NULL) {
        changes->done->next = changes->stale;
        changes->stale = changes->done;
    }
    changes->done = computation;
    changes->on_change(changes->context);
}

struct changes_live *changes_live_new(struct loop *loop, void (*on_change)(void *context), void *context)
{
    struct changes_live *changes = memory_new(sizeof *changes);
    *changes = (struct changes_live){.loop = loop, .on_change = on_change, .context = context};
    return changes;
}

void changes_live_drop_stale(struct changes_live *changes)
{
    while (changes->stale != NULL) {
        struct computation *stale = changes->stale;
        changes->stale = stale->next;
        free_computation(stale);
    }
}

void changes_live_free(struct changes_live *changes)
{
    if (changes == NULL)
        return;
    loop_job_cancel(changes->job);
    changes_live_drop_stale(changes);
    free_computation(changes->done);
    free(changes);
}

static bool is_of(const struct computation *computation, const struct playbook *playbook,
                  const struct helm_record *from, const struct helm_record *to)
{
    return computation != NULL && computation->playbook == playbook && computation->from == from &&
           computation->to == to;
}

void changes_live_set(struct changes_live *changes, const struct playbook *playbook, const struct helm_record *from,
                      const struct helm_record *to)
{
    if (is_of(changes->job != NULL ? changes->running : changes->done, playbook, from, to))
        return;
    loop_job_cancel(changes->job);
    struct computation *computation = memory_new(sizeof *computation);
    *computation = (struct computation){
        .changes = changes,
        .playbook = playbook != NULL ? playbook_hold(playbook) : NULL,
        .from = helm_record_hold(from),
        .to = to != NULL ? helm_record_hold(to) : NULL,
    };
    changes->running = computation;
    changes->job = loop_job_start(changes->loop, compute, computed, free_computation, computation);
}

bool changes_live_complete(const struct changes_live *changes)
{
    return changes->job == NULL && changes->done != NULL;
}

const struct change_set *changes_live_set_now(const struct changes_live *changes)
{
    return changes->done != NULL ? changes->done->set : NULL;
}

const bool *changes_live_skewed(const struct changes_live *changes)
{
    return changes->done != NULL ? changes->done->skewed : NULL;
}

const char *changes_live_skew(const struct changes_live *changes)
{
    return changes->done != NULL ? changes->done->skew : "";
}
