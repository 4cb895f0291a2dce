/* Which proxy a URL is reached through when the environment decides, as Go's net/http reads it (and so kubectl and Helm do):
 * HTTPS_PROXY, HTTP_PROXY, NO_PROXY and their lower-case forms; this machine itself is never reached through a proxy. */
#pragma once

struct proxy_environment {
    const char *https_proxy;
    const char *http_proxy;
    const char *no_proxy; /* comma-separated: host, .domain, address, CIDR block, each with an optional port, or "*" */
};

void proxy_environment_read(struct proxy_environment *ret_environment); /* borrows the process's environment */

/* The proxy's URL, owned by the caller, or NULL for none. `url` is http or https; one that cannot be read has no proxy. */
char *proxy_for(const struct proxy_environment *environment, const char *url);

/* As libcurl understands it: a missing scheme means http, and names are resolved by a SOCKS proxy, as Go's client has it. Owned by
 * the caller. */
char *proxy_normalize(const char *proxy);
