/* Who is trusted, in words: for the message that a server is not. */
#pragma once

/* The subjects of the certificates in a PEM text ("CN=kubernetes", at most three, then "…"), cleaned; NULL when none can be read. Owned by the
 * caller. */
char *kube_authority_names(const char *pem);
