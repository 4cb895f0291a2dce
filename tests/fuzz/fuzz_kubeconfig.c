/* Kubeconfigs, and what credential plugins print: read, or refused with a message that is safe to show. */
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include "kube/kubeconfig.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What goes into a header must not be able to end it. */
static void check_header(const char *text)
{
    if (text != NULL && text[strcspn(text, "\r\n")] != '\0')
        abort();
}

static void check_error(const struct error *error)
{
    if (error->message == NULL || strchr(error->message, '\033') != NULL || strstr(error->message, "\u202e") != NULL)
        abort();
    if (error->hint != NULL && strchr(error->hint, '\033') != NULL)
        abort();
}

static void check_config(const struct kube_config *config)
{
    if (!text_starts(config->server, "https://") && !text_starts(config->server, "http://"))
        abort();
    check_header(config->server);
    check_header(config->as_user);
    check_header(config->as_uid);
    check_header(config->credential->token);
    for (size_t i = 0; i < kube_texts_count(config->as_groups); i++)
        check_header(config->as_groups[i]);
    for (size_t i = 0; i < kube_texts_count(config->as_extra); i++)
        check_header(config->as_extra[i]);
}

static void try_config(const char *path)
{
    static const char *const contexts[] = {NULL, "test"};
    for (size_t i = 0; i < LENGTH_OF(contexts); i++) {
        const struct kube_config_options options = {.kubeconfig = path, .context = contexts[i]};
        struct kube_config *config = NULL;
        struct error error = {0};
        if (kube_config_load(&options, &config, &error))
            check_config(config);
        else
            check_error(&error);
        kube_config_free(config);
        error_release(&error);
    }
}

static void try_answer(const char *output, size_t size)
{
    struct kube_exec_answer answer = {0};
    struct error error = {0};
    if (kube_exec_answer_parse(output, size, "client.authentication.k8s.io/v1", &answer, &error)) {
        check_header(answer.token);
        if (answer.token == NULL && answer.cert_pem == NULL)
            abort();
    } else {
        check_error(&error);
    }
    kube_exec_answer_release(&answer);
    error_release(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int fd = memfd_create("kubeconfig", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    CLEANUP_FREE char *path = memory_format("/proc/self/fd/%d", fd);
    try_config(path);
    close(fd);
    CLEANUP_FREE char *text = memory_new(size + 1);
    memcpy(text, bytes, size);
    try_answer(text, size);
    return 0;
}
