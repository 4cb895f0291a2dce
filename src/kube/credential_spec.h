/*
 * The ways of proving who one is, behind credential.h: each way reads its fields from the kubeconfig and makes its part
 * of a proof. credential_token.c, credential_basic.c, credential_certificate.c, credential_exec.c.
 */
#pragma once

#include "base/error.h"
#include "kube/credential.h"
#include "kube/fields.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kube_exec_spec {
    char *place;        /* "file:line:column" of the entry, for messages */
    char **arguments;   /* [0] is the command; NULL at the end */
    char **environment; /* "NAME=value", KUBERNETES_EXEC_INFO among them; NULL at the end */
    char *api_version;
    char *install_hint; /* or NULL */
    int64_t limit_ms;   /* how long the plugin may run */
};

/* Everything that the user's entry says, files read once already. Texts may be NULL. */
struct kube_credential_spec {
    char *user; /* its name, for messages */
    char *token;
    char *token_file;
    char *username;
    char *password;
    char *cert_pem;
    char *key_pem;
    char *cert_file; /* both are set when certificate and key are files: they are read again then */
    char *key_file;
    struct kube_exec_spec *exec; /* only when there is neither token, basic auth nor certificate, as in client-go */
};

/* An empty one: nothing is proved. */
struct kube_credential_spec *kube_credential_spec_new(const char *user);

/* `token` and `tokenFile`; as in client-go the file wins as long as it can be read. */
bool kube_token_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error);

/* White space around it is cut off; ERROR_INVALID (without the text) where it is empty or cannot be in a header. */
bool kube_token_clean(const char *text, char **ret_token, struct error *error);
bool kube_token_read_file(const char *path, char **ret_token, struct error *error);
char *kube_token_authorization(const char *token); /* "Bearer …", owned by the caller */

/* When a JSON Web Token says that it expires ("exp"); read for messages only, never verified. False for other tokens.
 */
bool kube_token_expiry(const char *token, int64_t *ret_wall_ms);

/* `username` and `password`. */
bool kube_basic_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error);
char *kube_basic_authorization(const char *username, const char *password); /* "Basic …", owned by the caller */

/* `client-certificate`, `client-key` and their …-data. */
bool kube_certificate_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error);
bool kube_certificate_read_files(const char *cert_file, const char *key_file, char **ret_cert_pem, char **ret_key_pem,
                                 struct error *error);

/* What the files say now; NULL where one cannot be read, for it may be about to be replaced. */
struct kube_files_answer {
    char *token;
    char *cert_pem;
    char *key_pem;
};

/* Reads the token and certificate files again on a worker thread. `done` may take the texts; it is not called after the
 * cancelling. */
struct kube_files_job;
typedef void (*kube_files_done)(struct kube_files_answer *answer, void *context);
struct kube_files_job *kube_files_start(struct loop *loop, const struct kube_credential_spec *spec,
                                        kube_files_done done, void *context);
void kube_files_cancel(struct kube_files_job *job); /* NULL is accepted; not after `done` */

/* `exec`; *ret_exec is NULL when the user has none. `cluster` may be NULL. */
bool kube_exec_read(const struct kube_fields *user, const char *name, const struct kube_credential_cluster *cluster,
                    struct kube_exec_spec **ret_exec, struct error *error);
void kube_exec_spec_free(struct kube_exec_spec *spec);

/* What a plugin gave. */
struct kube_exec_answer {
    char *token;    /* or NULL */
    char *cert_pem; /* both or neither */
    char *key_pem;
    int64_t expires_wall_ms; /* CLOCK_UNKNOWN: never */
};
void kube_exec_answer_release(struct kube_exec_answer *answer);

/* Reads what a plugin printed: an ExecCredential of just this version. Messages never quote it, for it may hold a
 * secret. */
bool kube_exec_answer_parse(const char *output, size_t size, const char *api_version,
                            struct kube_exec_answer *ret_answer, struct error *error);

/* Runs the plugin once. `done` gets either an answer, which it may take apart, or an error; it is never called before
 * this returns, and not after kube_exec_cancel(). */
struct kube_exec_run;
typedef void (*kube_exec_done)(struct kube_exec_answer *answer, const struct error *error, void *context);
struct kube_exec_run *kube_exec_start(struct loop *loop, const struct kube_exec_spec *spec, const char *user,
                                      kube_exec_done done, void *context);
void kube_exec_cancel(struct kube_exec_run *run); /* NULL is accepted; not after `done` */
