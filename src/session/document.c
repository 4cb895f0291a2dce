#include "session/document.h"
#include "base/clock.h"
#include "situation/json.h"

static json_t *cluster_of(const struct session_identity *identity)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "context", identity->context, "name", identity->cluster, "server", identity->server, "user",
                     identity->user, "readOnly", identity->read_only, "drill", identity->drill);
}

static json_t *warnings_of(const struct session *session)
{
    json_t *warnings = json_array();
    for (size_t i = 0; i < session_warning_count(session); i++)
        json_array_append_new(warnings, json_string(session_warning_at(session, i)));
    return warnings;
}

json_t *document_status(struct session *session)
{
    const struct session_identity identity = session_identity(session);
    const struct picture *picture = session_picture(session);
    json_t *document = json_object();
    json_object_set_new(document, "cluster", cluster_of(&identity));
    json_t *release = situation_json_history(picture, identity.release, identity.namespace);
    json_object_set_new(release, "playbook", identity.playbook[0] != '\0' ? json_string(identity.playbook) : json_null());
    json_object_set_new(document, "release", release);
    json_object_set_new(document, "components", situation_json_components(picture));
    json_object_set_new(document, "apiVersions", situation_json_apis(picture));
    json_object_set_new(document, "workloads", situation_json_workloads(picture));
    json_object_set_new(document, "databases", situation_json_databases(picture));
    json_object_set_new(document, "events", situation_json_events(picture));
    /* Nothing is evaluated without facts, and no incident is open without a journal: empty, never absent. */
    json_object_set_new(document, "triggers", json_array());
    json_object_set_new(document, "symptoms", json_array());
    json_object_set_new(document, "verdict", json_null());
    json_object_set_new(document, "incident", json_null());
    json_object_set_new(document, "warnings", warnings_of(session));
    json_object_set_new(document, "ages", situation_json_ages(picture, clock_boot_ms(session_clock(session))));
    return document;
}
