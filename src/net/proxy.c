#include "net/proxy.h"
#include "base/memory.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct place {
    char *scheme;
    char *host; /* an IPv6 address has no brackets */
    char *port;
};

struct address {
    int size; /* 4 or 16 bytes, 0: not an address */
    unsigned char bytes[16];
};

static const char *environment_value(const char *upper, const char *lower)
{
    const char *value = getenv(upper);
    if (value == NULL || *value == '\0')
        value = getenv(lower);
    return value != NULL && *value != '\0' ? value : NULL;
}

void proxy_environment_read(struct proxy_environment *ret_environment)
{
    *ret_environment = (struct proxy_environment){
        .https_proxy = environment_value("HTTPS_PROXY", "https_proxy"),
        .http_proxy = environment_value("HTTP_PROXY", "http_proxy"),
        .no_proxy = environment_value("NO_PROXY", "no_proxy"),
    };
}

static void place_release(struct place *place)
{
    free(place->scheme);
    free(place->host);
    free(place->port);
}

static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = memory_text(text);
    curl_free(text);
    return copy;
}

static bool place_parse(const char *text, struct place *ret_place)
{
    CURLU *url = curl_url();
    if (url == NULL)
        abort();
    bool good = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    if (good) {
        struct place place = {
            .scheme = url_part(url, CURLUPART_SCHEME, 0),
            .host = url_part(url, CURLUPART_HOST, 0),
            .port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT),
        };
        good = place.scheme != NULL && place.host != NULL && place.port != NULL;
        if (good) {
            size_t size = strlen(place.host);
            if (size > 2 && place.host[0] == '[') {
                memmove(place.host, place.host + 1, size - 2);
                place.host[size - 2] = '\0';
            }
            *ret_place = place;
        } else {
            place_release(&place);
        }
    }
    curl_url_cleanup(url);
    return good;
}

static struct address address_parse(const char *text)
{
    struct address address = {0};
    if (inet_pton(AF_INET, text, address.bytes) == 1) {
        address.size = 4;
    } else if (inet_pton(AF_INET6, text, address.bytes) == 1) {
        static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
        address.size = 16;
        if (memcmp(address.bytes, mapped, sizeof(mapped)) == 0) {
            memmove(address.bytes, address.bytes + sizeof(mapped), 4);
            address.size = 4;
        }
    }
    return address;
}

static bool is_this_machine(const char *host)
{
    struct address address = address_parse(host);
    static const unsigned char loopback6[16] = {[15] = 1};
    return strcasecmp(host, "localhost") == 0 || (address.size == 4 && address.bytes[0] == 127) ||
           (address.size == 16 && memcmp(address.bytes, loopback6, 16) == 0);
}

/* "10.0.0.0/8" */
static bool block_contains(const char *block, const struct address *address)
{
    const char *slash = strchr(block, '/');
    if (slash == NULL)
        return false;
    CLEANUP_FREE char *base_text = memory_text_part(block, (size_t)(slash - block));
    struct address base = address_parse(base_text);
    char *end = NULL;
    unsigned long bits = strtoul(slash + 1, &end, 10);
    if (base.size == 0 || base.size != address->size || end == slash + 1 || *end != '\0' ||
        bits > (unsigned)base.size * 8)
        return false;
    size_t whole = bits / 8;
    if (memcmp(base.bytes, address->bytes, whole) != 0)
        return false;
    if (bits % 8 == 0)
        return true;
    unsigned mask = 0xffU << (8 - bits % 8) & 0xffU;
    return (base.bytes[whole] & mask) == (address->bytes[whole] & mask);
}

/* "[::1]:80", "::1", "name:80", "name": cuts the port off in place and returns it, or NULL. */
static char *split_port(char **host)
{
    char *text = *host;
    char *close = strchr(text, ']');
    if (text[0] == '[' && close != NULL) {
        *host = text + 1;
        *close = '\0';
        return close[1] == ':' ? close + 2 : NULL;
    }
    char *colon = strchr(text, ':');
    if (colon == NULL || strchr(colon + 1, ':') != NULL)
        return NULL;
    *colon = '\0';
    return colon + 1;
}

/* One entry of NO_PROXY. A domain also stands for what is below it; one that begins with a dot only for that. */
static bool entry_matches(char *entry, const struct place *place, const struct address *address)
{
    if (strcmp(entry, "*") == 0)
        return true;
    if (strchr(entry, '/') != NULL)
        return block_contains(entry, address);
    char *host = entry;
    const char *port = split_port(&host);
    if (*host == '\0' || (port != NULL && strcmp(port, place->port) != 0))
        return false;
    struct address wanted = address_parse(host);
    if (wanted.size > 0)
        return wanted.size == address->size && memcmp(wanted.bytes, address->bytes, (size_t)wanted.size) == 0;
    if (text_starts(host, "*."))
        host++;
    bool below_only = *host == '.';
    if (below_only)
        host++;
    size_t size = strlen(place->host);
    size_t domain = strlen(host);
    if (domain == size)
        return !below_only && strcasecmp(place->host, host) == 0;
    return size > domain && place->host[size - domain - 1] == '.' && strcasecmp(place->host + size - domain, host) == 0;
}

static bool is_excepted(const char *no_proxy, const struct place *place)
{
    struct address address = address_parse(place->host);
    CLEANUP_FREE char *list = memory_text(no_proxy);
    char *rest = list;
    for (char *entry; (entry = strsep(&rest, ",")) != NULL;) {
        entry += strspn(entry, " \t");
        entry[strcspn(entry, " \t")] = '\0';
        if (*entry != '\0' && entry_matches(entry, place, &address))
            return true;
    }
    return false;
}

char *proxy_for(const struct proxy_environment *environment, const char *url)
{
    struct place place = {0};
    if (!place_parse(url, &place))
        return NULL;
    const char *proxy = strcasecmp(place.scheme, "https") == 0  ? environment->https_proxy
                        : strcasecmp(place.scheme, "http") == 0 ? environment->http_proxy
                                                                : NULL;
    bool direct = proxy == NULL || is_this_machine(place.host) ||
                  (environment->no_proxy != NULL && is_excepted(environment->no_proxy, &place));
    place_release(&place);
    return direct ? NULL : proxy_normalize(proxy);
}

char *proxy_normalize(const char *proxy)
{
    if (strstr(proxy, "://") == NULL)
        return memory_format("http://%s", proxy);
    if (strncasecmp(proxy, "socks5://", strlen("socks5://")) == 0)
        return memory_format("socks5h://%s", proxy + strlen("socks5://"));
    return memory_text(proxy);
}
