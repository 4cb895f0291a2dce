#include "base/memory.h"
#include "net/proxy.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_proxy(void);

#define PROXY "http://proxy.corp:3128"

static const struct {
    const char *url;
    const char *no_proxy;
    const char *expected; /* NULL: direct */
} cases[] = {
    {"https://cluster.example:6443/api", NULL, PROXY},
    {"https://localhost:6443", NULL, NULL},
    {"https://127.0.0.1:6443", NULL, NULL},
    {"https://127.9.9.9:6443", NULL, NULL},
    {"https://[::1]:6443", NULL, NULL},
    {"https://[2001:db8::1]:6443", NULL, PROXY},
    {"https://cluster.example", "*", NULL},
    {"https://cluster.example", "example", NULL},
    {"https://cluster.example", "EXAMPLE", NULL},
    {"https://cluster.example", "ample", PROXY},
    {"https://cluster.example", ".example", NULL},
    {"https://example", ".example", PROXY},
    {"https://example", "*.example", PROXY},
    {"https://cluster.example", "*.example", NULL},
    {"https://cluster.example", "other , cluster.example", NULL},
    {"https://cluster.example:6443", "cluster.example:6443", NULL},
    {"https://cluster.example:6443", "cluster.example:443", PROXY},
    {"https://cluster.example", "cluster.example:443", NULL},
    {"https://10.1.2.3:6443", "10.0.0.0/8", NULL},
    {"https://11.1.2.3:6443", "10.0.0.0/8", PROXY},
    {"https://10.1.2.3", "10.1.2.0/30", NULL},
    {"https://10.1.2.4", "10.1.2.0/30", PROXY},
    {"https://10.1.2.4", "0.0.0.0/0", NULL},
    {"https://10.1.2.4", "10.1.2.4", NULL},
    {"https://[2001:db8::1]", "2001:db8::/32", NULL},
    {"https://[2001:db8::1]", "[2001:db8::1]:443", NULL},
    {"https://10.1.2.4", "10.1.2.0/33", PROXY},
    {"https://10.1.2.4", "10.1.2.0/", PROXY},
    {"https://10.1.2.4", "/8,]:,[,:,,", PROXY},
    {"https://cluster.example", "10.0.0.0/8", PROXY},
    {"http://cluster.example", NULL, NULL}, /* only https has one here */
    {"ftp://cluster.example", NULL, NULL},
    {"nonsense::://", NULL, NULL},
};

START_TEST(chosen_as_go_does)
{
    struct proxy_environment environment = {.https_proxy = PROXY, .no_proxy = cases[_i].no_proxy};
    CLEANUP_FREE char *proxy = proxy_for(&environment, cases[_i].url);
    ck_assert_msg(cases[_i].expected == NULL ? proxy == NULL : proxy != NULL, "%s with NO_PROXY=%s gave %s",
                  cases[_i].url, cases[_i].no_proxy != NULL ? cases[_i].no_proxy : "", proxy != NULL ? proxy : "none");
    if (proxy != NULL)
        ck_assert_str_eq(proxy, cases[_i].expected);
}
END_TEST

START_TEST(made_fit_for_libcurl)
{
    CLEANUP_FREE char *bare = proxy_normalize("proxy:3128");
    CLEANUP_FREE char *socks = proxy_normalize("socks5://user:secret@proxy:1080");
    CLEANUP_FREE char *secure = proxy_normalize("https://proxy");
    ck_assert_str_eq(bare, "http://proxy:3128");
    ck_assert_str_eq(socks, "socks5h://user:secret@proxy:1080");
    ck_assert_str_eq(secure, "https://proxy");
}
END_TEST

START_TEST(environment_is_read)
{
    setenv("HTTPS_PROXY", "", 1);
    setenv("https_proxy", "http://lower", 1);
    setenv("NO_PROXY", "upper", 1);
    setenv("no_proxy", "lower", 1);
    unsetenv("HTTP_PROXY");
    unsetenv("http_proxy");
    struct proxy_environment environment;
    proxy_environment_read(&environment);
    ck_assert_str_eq(environment.https_proxy, "http://lower");
    ck_assert_str_eq(environment.no_proxy, "upper");
    ck_assert_ptr_null(environment.http_proxy);
}
END_TEST

Suite *suite_proxy(void)
{
    Suite *suite = suite_create("proxy");
    TCase *tests = tcase_create("proxy");
    tcase_add_loop_test(tests, chosen_as_go_does, 0, (int)(sizeof(cases) / sizeof(cases[0])));
    tcase_add_test(tests, made_fit_for_libcurl);
    tcase_add_test(tests, environment_is_read);
    suite_add_tcase(suite, tests);
    return suite;
}
