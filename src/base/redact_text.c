#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Shorter words after "Bearer" are prose ("bearer token expired"). */
#define SHORTEST_BEARER 12

/* Longer words are no prose; also keeps the cost of looking ahead down. */
#define LONGEST_PROSE 64

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* How a name that ends so treats what follows it. */
enum strictness { NOT_SECRET, ONE_WORD, WHOLE_LINE };

/* `name` ends at `end` (exclusive); case, '-' and '_' do not matter. */
static bool name_ends(const char *name, const char *end, const char *suffix)
{
    const char *wanted = suffix + strlen(suffix);
    while (wanted > suffix) {
        if (end == name)
            return false;
        end--;
        if (*end == '-' || *end == '_')
            continue;
        wanted--;
        if (tolower((unsigned char)*end) != *wanted)
            return false;
    }
    return true;
}

static enum strictness judge_name(const char *name, const char *end)
{
    static const struct {
        const char *suffix;
        enum strictness strictness;
    } table[] = {
        {"authorization", WHOLE_LINE}, {"password", WHOLE_LINE},    {"passwd", WHOLE_LINE},
        {"passphrase", WHOLE_LINE},    {"token", ONE_WORD},         {"secret", ONE_WORD},
        {"secretkey", ONE_WORD},       {"apikey", ONE_WORD},        {"accesskey", ONE_WORD},
        {"privatekey", ONE_WORD},      {"clientkeydata", ONE_WORD}, {"credential", ONE_WORD},
        {"credentials", ONE_WORD},     {"pwd", ONE_WORD},           {"cookie", WHOLE_LINE},
    };
    for (size_t i = 0; i < LENGTH_OF(table); i++)
        if (name_ends(name, end, table[i].suffix))
            return table[i].strictness;
    return NOT_SECRET;
}

/* The end of a text in quotes: its closing quote, or the end of everything. */
static const char *quoted_end(const char *at, char quote)
{
    while (*at != '\0' && *at != quote)
        at += *at == '\\' && at[1] != '\0' ? 2 : 1;
    return at;
}

/* The end of a bare value: white space, a quote, or what separates values. */
static const char *bare_end(const char *at)
{
    return at + strcspn(at, " \t\r\n\\\"',;&)}]");
}

static const char *line_end(const char *at)
{
    return at + strcspn(at, "\r\n");
}

static bool ends_clause(const char *at)
{
    return *at == '\0' || strchr("\r\n\"',;&)}]", *at) != NULL;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* Moves behind a quote, also one with a backslash before it (JSON within JSON). Returns how many characters that were.
 */
static int skip_quote(const char **at)
{
    int skipped = is_quote(**at) ? 1 : **at == '\\' && is_quote((*at)[1]) ? 2 : 0;
    *at += skipped;
    return skipped;
}

/* "cannot get token: exec: no such file" is a sentence: a short word with others behind it. */
static bool is_prose(const char *start, const char *end)
{
    return end - start <= LONGEST_PROSE && !ends_clause(end);
}

/* Where the secret behind a name's '=', ':' or (for an option) blank begins and ends; false when what follows is no
 * value. */
static bool find_value(const char *name_end, bool is_option, enum strictness strictness, const char **ret_start,
                       const char **ret_end)
{
    const char *at = name_end;
    skip_quote(&at);
    at += strspn(at, " \t");
    char mark = *at;
    if (mark == '=' || mark == ':')
        at++;
    else if (!is_option || at == name_end)
        return false;
    at += strspn(at, " \t");
    int quote = skip_quote(&at);
    const char *end = quote == 1                                              ? quoted_end(at, at[-1])
                      : quote == 0 && strictness == WHOLE_LINE && mark == ':' ? line_end(at)
                                                                              : bare_end(at);
    if (quote == 0 && mark == ':' && strictness == ONE_WORD && is_prose(at, end))
        return false;
    *ret_start = at;
    *ret_end = end;
    return end > at;
}

/* A name at `at` that tells that a secret follows. */
static bool find_named(const char *at, const char **ret_start, const char **ret_end)
{
    const char *end = at;
    while (is_word(*end))
        end++;
    enum strictness strictness = judge_name(at, end);
    return strictness != NOT_SECRET && find_value(end, text_starts(at, "--"), strictness, ret_start, ret_end);
}

static bool find_bearer(const char *at, const char **ret_start, const char **ret_end)
{
    size_t skip = strncasecmp(at, "bearer ", 7) == 0 ? 7 : strncasecmp(at, "basic ", 6) == 0 ? 6 : 0;
    if (skip == 0)
        return false;
    *ret_start = at + skip;
    *ret_end = bare_end(*ret_start);
    return *ret_end - *ret_start >= SHORTEST_BEARER;
}

static size_t base64url_span(const char *at)
{
    return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

/* header.payload.signature, the header beginning with base64 of '{"'. */
static bool find_web_token(const char *at, const char **ret_start, const char **ret_end)
{
    if (strncmp(at, "eyJ", 3) != 0)
        return false;
    const char *end = at + base64url_span(at);
    if (*end != '.' || base64url_span(end + 1) == 0)
        return false;
    end += 1 + base64url_span(end + 1);
    if (*end == '.')
        end += 1 + base64url_span(end + 1);
    *ret_start = at;
    *ret_end = end;
    return true;
}

/* "://user:password@host": the user goes too, it may be a token. */
static bool find_url_user(const char *at, const char **ret_start, const char **ret_end)
{
    if (strncmp(at, "://", 3) != 0)
        return false;
    const char *start = at + 3;
    const char *end = start + strcspn(start, "/?# \t\r\n\"'<>");
    while (end > start && *end != '@')
        end--;
    *ret_start = start;
    *ret_end = end;
    return end > start;
}

/* The whole PEM block; what is cut off before its end goes to the end of the text. */
static bool find_private_key(const char *at, const char **ret_start, const char **ret_end)
{
    if (strncmp(at, "-----BEGIN ", 11) != 0)
        return false;
    static const char label[] = "PRIVATE KEY";
    const char *label_end = strstr(at + 11, "-----");
    if (label_end == NULL || label_end - at < 11 + (ptrdiff_t)strlen(label) ||
        strncmp(label_end - strlen(label), label, strlen(label)) != 0)
        return false;
    const char *end = strstr(label_end + 5, "-----END ");
    const char *close = end == NULL ? NULL : strstr(end + 9, "-----");
    *ret_start = at;
    *ret_end = close == NULL ? at + strlen(at) : close + 5;
    return true;
}

/* Behind an escape as JSON has it ("\\n"), a word begins too. */
static bool starts_word(const char *text, const char *at)
{
    return is_word(*at) && (at == text || !is_word(at[-1]) || (at - text >= 2 && at[-2] == '\\'));
}

/* The secret that begins at `at`, or that `at` announces. */
static bool find_secret(const char *text, const char *at, const char **ret_start, const char **ret_end)
{
    if (*at == ':')
        return find_url_user(at, ret_start, ret_end);
    if (*at == '-' && find_private_key(at, ret_start, ret_end))
        return true;
    return starts_word(text, at) && (find_bearer(at, ret_start, ret_end) || find_web_token(at, ret_start, ret_end) ||
                                     find_named(at, ret_start, ret_end));
}

char *redact_text(const char *text)
{
    struct text out = {0};
    const char *at = text;
    while (*at != '\0') {
        const char *start = NULL;
        const char *end = NULL;
        if (find_secret(text, at, &start, &end)) {
            text_append_bytes(&out, at, (size_t)(start - at));
            text_append(&out, REDACTED);
            at = end;
        } else {
            text_append_char(&out, *at++);
        }
    }
    return text_steal(&out);
}
