/* Acting as somebody else: what is sent as Impersonate-User, -Uid, -Group and -Extra-… */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/kubeconfig_parts.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A header ends at a line break; what followed would be read as another header. */
static bool fits_header(const char *text)
{
    for (; *text != '\0'; text++) {
        if (iscntrl((unsigned char)*text))
            return false;
    }
    return true;
}

static bool refuse_text(const struct kube_fields *user, const char *key, struct error *error)
{
    return kube_fields_error(user, key, error, _("'%s' contains control characters, which no header can carry."), key);
}

static bool read_text(const struct kube_fields *user, const char *key, char **ret_text, struct error *error)
{
    return kube_fields_text(user, key, ret_text, error) &&
           (*ret_text == NULL || fits_header(*ret_text) || refuse_text(user, key, error));
}

/* client-go's headerKeyEscape: what a header's name cannot hold, and '%' itself, becomes %XX. */
static void append_escaped(struct text *text, const char *key)
{
    for (; *key != '\0'; key++) {
        unsigned char byte = (unsigned char)*key;
        bool plain = byte < 0x80 && (isalnum(byte) || strchr("!#$&'*+-.^_`|~", byte) != NULL);
        if (plain)
            text_append_char(text, (char)byte);
        else
            text_append_format(text, "%%%02X", byte);
    }
}

static bool add_values(const struct kube_fields *extra, const char *key, struct array *pairs, struct error *error)
{
    char **values = NULL;
    if (!kube_fields_list(extra, key, &values, error))
        return false;
    bool fit = true;
    for (size_t i = 0; fit && values != NULL && values[i] != NULL; i++) {
        fit = fits_header(values[i]) || refuse_text(extra, key, error);
        struct text pair = {0};
        append_escaped(&pair, key);
        text_append_format(&pair, "=%s", values[i]);
        array_append(pairs, text_steal(&pair));
    }
    kube_texts_free(values);
    return fit;
}

static bool read_extra(const struct kube_fields *user, char ***ret_pairs, struct error *error)
{
    const json_t *object = NULL;
    if (!kube_fields_object(user, "as-user-extra", &object, error))
        return false;
    CLEANUP_FREE char *pointer = yaml_pointer(user->pointer, "as-user-extra");
    struct kube_fields extra = *user;
    extra.object = object;
    extra.pointer = pointer;
    struct array pairs = {.free_item = free};
    const char *key = NULL;
    json_t *value = NULL;
    bool read = true;
    json_object_foreach((json_t *)object, key, value)
    {
        read = read && add_values(&extra, key, &pairs, error);
    }
    if (read && pairs.count > 0) {
        char **texts = memory_new_array(pairs.count + 1, sizeof(*texts));
        for (size_t i = 0; i < pairs.count; i++)
            texts[i] = memory_text(pairs.items[i]);
        *ret_pairs = texts;
    }
    array_release(&pairs);
    return read;
}

bool kube_impersonation_read(const struct kube_fields *user, struct kube_config *config, struct error *error)
{
    if (!read_text(user, "as", &config->as_user, error) || !read_text(user, "as-uid", &config->as_uid, error) ||
        !kube_fields_list(user, "as-groups", &config->as_groups, error) || !read_extra(user, &config->as_extra, error))
        return false;
    for (size_t i = 0; config->as_groups != NULL && config->as_groups[i] != NULL; i++) {
        if (!fits_header(config->as_groups[i]))
            return refuse_text(user, "as-groups", error);
    }
    if (config->as_user != NULL || (config->as_uid == NULL && config->as_groups == NULL && config->as_extra == NULL))
        return true;
    const char *key = config->as_uid != NULL ? "as-uid" : config->as_groups != NULL ? "as-groups" : "as-user-extra";
    kube_fields_error(user, key, error, _("User '%s' is to be impersonated without a name: '%s' needs 'as'."),
                      config->user, key);
    return error_hint(error, _("Add 'as: NAME', or remove '%s'."), key);
}
