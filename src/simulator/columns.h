/* The columns of the built-in kinds, and how their cells are made. Only table.c and the columns' own files use this. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct column {
    const char *name;
    const char *type;
    int priority; /* 1: shown with `-o wide` only */
    json_t *(*cell)(const struct column *column, const json_t *object, int64_t now_ms); /* the caller's, never NULL */
    const char *path; /* for cells that are taken from one place: "status.readyReplicas" */
};

/* The columns of a kind; those of kinds that have none of their own are name and time of creation. */
const struct column *columns_of(const char *kind, size_t *ret_count);

/* "5d3h", "27m" as Go's duration.HumanDuration has it; "<unknown>" for NULL or what is no time. */
json_t *columns_age(const char *timestamp, int64_t now_ms);
void columns_format_age(int64_t duration_ms, char *buffer, size_t size);
json_t *columns_text(const json_t *value); /* a value that is no text, as Go prints it */
const json_t *columns_at(const json_t *object, const char *path);

/* Cells of kinds that need more than a path; in columns_workload.c and columns_network.c. */
json_t *columns_pod_ready(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_pod_status(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_pod_restarts(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_ready_of(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_containers(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_images(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_selector(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_job_status(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_job_completions(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_job_duration(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_node_status(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_node_roles(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_node_address(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_service_ports(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_service_external(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_map(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_endpoints(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_slice_endpoints(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_slice_ports(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_ingress_hosts(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_ingress_address(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_ingress_ports(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_event_object(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_event_seen(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_event_source(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_event_count(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_role(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_subjects(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_request_condition(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_scaler_reference(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_scaler_targets(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_controller(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_modes(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_claim(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_api_service(const struct column *column, const json_t *object, int64_t now_ms);
json_t *columns_api_available(const struct column *column, const json_t *object, int64_t now_ms);
