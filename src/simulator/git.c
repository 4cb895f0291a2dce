#include "simulator/git.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/scenario_data.h"

const char *git_resolve(const struct scenario *scenario, const char *repository, const char *target, int64_t wall_ms)
{
    const char *newest = NULL;
    int64_t newest_at = INT64_MIN;
    for (size_t i = 0; repository != NULL && i < scenario->commits.count; i++) {
        const struct scenario_commit *commit = scenario->commits.items[i];
        const char *branch = tree_text(commit->data, "branch"), *revision = tree_text(commit->data, "revision");
        if (!text_equal(tree_text(commit->data, "repository"), repository) ||
            scenario->origin + commit->at_ms > wall_ms)
            continue;
        if (text_equal(revision, target))
            return revision;
        bool on_branch =
            target == NULL || text_equal(target, "HEAD") || text_equal(target, branch != NULL ? branch : "main");
        if (on_branch && commit->at_ms >= newest_at) {
            newest = revision;
            newest_at = commit->at_ms;
        }
    }
    return newest;
}

const json_t *git_objects(const struct scenario *scenario, const char *repository, const char *revision)
{
    for (size_t i = 0; i < scenario->commits.count; i++) {
        const struct scenario_commit *commit = scenario->commits.items[i];
        if (text_equal(tree_text(commit->data, "repository"), repository) &&
            text_equal(tree_text(commit->data, "revision"), revision))
            return commit->objects;
    }
    return NULL;
}
