#include "kube/answer.h"
#include "base/i18n.h"
#include "base/tree.h"

bool kube_answer_blame(struct error *error)
{
    if (error == NULL)
        return false;
    error->code = ERROR_UNREACHABLE;
    return error_hint(error, _("Something else may answer in the API server's place, a proxy or a login page: check the server in the "
                               "kubeconfig."));
}

bool kube_answer_parse(const char *bytes, size_t size, json_t **ret_tree, struct error *error)
{
    if (tree_parse(bytes, size, ret_tree, error))
        return true;
    error_prefix(error, _("The server's answer cannot be read"));
    return kube_answer_blame(error);
}
