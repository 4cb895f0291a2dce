/*
 * The scalar rules of go.yaml.in/yaml/v2 (resolve.go) as sigs.k8s.io/yaml turns them into JSON;
 * tests/data/base/yaml-kubernetes.json holds what that package itself makes of some eight hundred inputs.
 */
#include "base/yaml_scalar.h"
#include "base/base64.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TAG_PREFIX     "tag:yaml.org,2002:"
#define NUMBER_LONGEST 1024 /* longer digits are text: no number that means anything is written like that */

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

#define IS_ONE_OF(word, ...)                                                                                           \
    is_one_of((word), (const char *const[]){__VA_ARGS__}, LENGTH_OF(((const char *const[]){__VA_ARGS__})))

/* YAML 1.1's words for booleans, null, infinity and not-a-number. */
static bool read_word(const char *word, struct yaml_scalar *scalar)
{
    if (IS_ONE_OF(word, "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")) {
        scalar->kind = YAML_KIND_BOOLEAN;
        scalar->boolean = true;
    } else if (IS_ONE_OF(word, "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")) {
        scalar->kind = YAML_KIND_BOOLEAN;
        scalar->boolean = false;
    } else if (IS_ONE_OF(word, "", "~", "null", "Null", "NULL")) {
        scalar->kind = YAML_KIND_NULL;
    } else if (IS_ONE_OF(word, ".nan", ".NaN", ".NAN")) {
        scalar->kind = YAML_KIND_REAL;
        scalar->real = (double)NAN;
    } else if (IS_ONE_OF(word, ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF")) {
        scalar->kind = YAML_KIND_REAL;
        scalar->real = (double)INFINITY;
    } else if (IS_ONE_OF(word, "-.inf", "-.Inf", "-.INF")) {
        scalar->kind = YAML_KIND_REAL;
        scalar->real = (double)-INFINITY;
    } else {
        return false;
    }
    return true;
}

/* All of `digits` in a base; false when there is a strange one or 64 bits are not enough. */
static bool read_digits(const char *digits, unsigned base, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (; *digits != '\0'; digits++) {
        char c = *digits;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99;
        if (digit >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

static void take_magnitude(uint64_t magnitude, bool negative, struct yaml_scalar *scalar)
{
    scalar->kind = YAML_KIND_INTEGER;
    scalar->integer = (int64_t)(negative ? 0 - magnitude : magnitude);
    scalar->real = negative ? -(double)magnitude : (double)magnitude;
    if (magnitude > INT64_MAX && !negative)
        scalar->kind = YAML_KIND_NATURAL;
}

/* Go's ParseInt and ParseUint with base 0: 0x, 0o, 0b and plain 0 as prefixes. A sign is not allowed above 63 bits. */
static bool read_integer(const char *text, struct yaml_scalar *scalar)
{
    bool negative = text[0] == '-';
    bool has_sign = negative || text[0] == '+';
    const char *digits = text + has_sign;
    unsigned base = 10;
    if (digits[0] == '\0')
        return false;
    if (digits[0] == '0') {
        char mark = digits[1] == '\0' || digits[2] == '\0' ? '\0' : digits[1];
        base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
        bool has_mark = base != 8 || mark == 'o' || mark == 'O';
        digits += has_mark ? 2 : 1;
    }
    uint64_t magnitude = 0;
    if (!read_digits(digits, base, &magnitude))
        return false;
    if (has_sign && magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    take_magnitude(magnitude, negative, scalar);
    return true;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool has_real_shape(const char *text)
{
    static const char digits[] = "0123456789";
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, digits);
    text += whole;
    if (*text == '.') {
        size_t fraction = strspn(++text, digits);
        if (whole == 0 && fraction == 0)
            return false;
        text += fraction;
    } else if (whole == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        if (*text < '0' || *text > '9')
            return false;
        text += strspn(text, digits);
    }
    return *text == '\0';
}

static bool read_real(const char *text, struct yaml_scalar *scalar)
{
    if (!has_real_shape(text) || !number_parse(text, &scalar->real))
        return false;
    scalar->kind = YAML_KIND_REAL;
    return true;
}

/* The package's own way with "0b": what follows may have a sign ("0b-101" is -5). */
static bool read_signed_binary(const char *text, struct yaml_scalar *scalar)
{
    uint64_t magnitude = 0;
    if (!text_starts(text, "0b") || (text[2] != '-' && text[2] != '+') || text[3] == '\0')
        return false;
    bool negative = text[2] == '-';
    if (!read_digits(text + 3, 2, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    take_magnitude(magnitude, negative, scalar);
    return true;
}

/* Underscores that Go's ParseFloat lets pass: each between two digits. */
static bool has_orderly_underscores(const char *word)
{
    for (const char *at = strchr(word, '_'); at != NULL; at = strchr(at + 1, '_'))
        if (at == word || at[-1] < '0' || at[-1] > '9' || at[1] < '0' || at[1] > '9')
            return false;
    return true;
}

/* Underscores may stand anywhere in a number, but one that begins with a dot goes straight to ParseFloat. */
static bool read_number(const char *word, struct yaml_scalar *scalar)
{
    if (word[0] == '.' && !has_orderly_underscores(word))
        return false;
    char plain[NUMBER_LONGEST];
    size_t size = 0;
    for (const char *at = word; *at != '\0'; at++)
        if (*at != '_')
            plain[size++] = *at;
    plain[size] = '\0';
    if (word[0] == '.')
        return read_real(plain, scalar);
    return read_integer(plain, scalar) || read_real(plain, scalar) || read_signed_binary(plain, scalar);
}

/* Only these first characters can begin anything but text. */
static bool may_be_special(const char *bytes, size_t size)
{
    return size == 0 || (bytes[0] != '\0' && strchr("+-0123456789yYnNtTfFoO~.", bytes[0]) != NULL);
}

static void resolve(struct yaml_scalar *scalar)
{
    if (!may_be_special(scalar->bytes, scalar->size) || scalar->size >= NUMBER_LONGEST)
        return;
    if (scalar->size > 0 && memchr(scalar->bytes, '\0', scalar->size) != NULL)
        return;
    if (!read_word(scalar->bytes, scalar) && strchr("+-0123456789.", scalar->bytes[0]) != NULL)
        read_number(scalar->bytes, scalar);
}

/* Bytes that are not UTF-8 become U+FFFD, one each, as Go's JSON encoder writes them. */
static void take_binary(const char *bytes, size_t size, struct yaml_scalar *scalar)
{
    struct text decoded = {0};
    for (size_t offset = 0; offset < size;) {
        uint32_t code = 0;
        size_t length = utf8_decode(bytes + offset, size - offset, &code);
        if (length == 0)
            text_append(&decoded, "\xef\xbf\xbd");
        else
            text_append_bytes(&decoded, bytes + offset, length);
        offset += length == 0 ? 1 : length;
    }
    scalar->size = decoded.size;
    scalar->decoded = text_steal(&decoded);
    scalar->bytes = scalar->decoded;
}

static bool decode_binary(struct yaml_scalar *scalar, const char **ret_problem)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!base64_decode(scalar->bytes, scalar->size, &bytes, &size, NULL)) {
        *ret_problem = _("the text after !!binary is not base64");
        return false;
    }
    take_binary(bytes, size, scalar);
    return true;
}

/* Whether what a scalar turned out to be is what its tag says. */
static bool fits_tag(struct yaml_scalar *scalar, const char *name)
{
    if (strcmp(name, "bool") == 0)
        return scalar->kind == YAML_KIND_BOOLEAN;
    if (strcmp(name, "int") == 0)
        return scalar->kind == YAML_KIND_INTEGER || scalar->kind == YAML_KIND_NATURAL;
    if (strcmp(name, "null") == 0)
        return scalar->kind == YAML_KIND_NULL;
    if (strcmp(name, "timestamp") == 0)
        return scalar->kind == YAML_KIND_TEXT && scalar->size >= 8 && strspn(scalar->bytes, "0123456789") == 4 &&
               scalar->bytes[4] == '-';
    if (scalar->kind == YAML_KIND_INTEGER)
        scalar->kind = YAML_KIND_REAL;
    return scalar->kind == YAML_KIND_REAL;
}

static bool read_kubernetes(const char *tag, bool plain, struct yaml_scalar *scalar, const char **ret_problem)
{
    if (tag == NULL) {
        if (plain)
            resolve(scalar);
        return true;
    }
    const char *name = text_starts(tag, TAG_PREFIX) ? tag + strlen(TAG_PREFIX) : "";
    if (strcmp(name, "binary") == 0)
        return decode_binary(scalar, ret_problem);
    if (!IS_ONE_OF(name, "bool", "int", "float", "null", "timestamp"))
        return true; /* !!str, and tags that mean nothing here */
    resolve(scalar);
    if (fits_tag(scalar, name))
        return true;
    *ret_problem = _("this value is not what its tag says");
    return false;
}

/* -?(0|[1-9][0-9]*) with an optional fraction and exponent, as JSON has it. */
static bool is_json_number(const char *text)
{
    const char *digits = text + (*text == '-');
    if (*digits < '0' || *digits > '9' || (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'))
        return false;
    const char *dot = strchr(digits, '.');
    return has_real_shape(text) && (dot == NULL || (dot[1] >= '0' && dot[1] <= '9'));
}

static bool read_strict(const char *tag, bool plain, struct yaml_scalar *scalar, const char **ret_problem)
{
    if (tag != NULL && strcmp(tag, TAG_PREFIX "str") != 0) {
        *ret_problem = _("tags other than !!str are not used here");
        return false;
    }
    if (tag != NULL || !plain || scalar->size >= NUMBER_LONGEST)
        return true;
    if (IS_ONE_OF(scalar->bytes, "", "~", "null"))
        scalar->kind = YAML_KIND_NULL;
    else if (IS_ONE_OF(scalar->bytes, "true", "false"))
        read_word(scalar->bytes, scalar);
    else if (is_json_number(scalar->bytes) && !read_integer(scalar->bytes, scalar) &&
             !read_real(scalar->bytes, scalar)) {
        *ret_problem = _("this number is too large");
        return false;
    }
    return true;
}

bool yaml_scalar_read(enum yaml_flavour flavour, const char *tag, bool plain, const char *bytes, size_t size,
                      struct yaml_scalar *ret_scalar, const char **ret_problem)
{
    struct yaml_scalar scalar = {.kind = YAML_KIND_TEXT, .bytes = bytes, .size = size};
    bool read = flavour == YAML_KUBERNETES ? read_kubernetes(tag, plain, &scalar, ret_problem)
                                           : read_strict(tag, plain, &scalar, ret_problem);
    if (read)
        *ret_scalar = scalar;
    return read;
}

void yaml_scalar_release(struct yaml_scalar *scalar)
{
    free(scalar->decoded);
    *scalar = (struct yaml_scalar){0};
}

/* The integer that a real's shortest decimal says. Beyond 2^53 that is another one than the real holds, and it is what
 * Go writes. */
static bool integer_as_written(double real, int64_t *ret_integer)
{
    char text[NUMBER_SIZE];
    number_format(real, text);
    const char *exponent_mark = strchr(text, 'e');
    const char *dot = strchr(text, '.');
    long exponent = exponent_mark == NULL ? 0 : strtol(exponent_mark + 1, NULL, 10);
    if (dot != NULL)
        exponent -= (exponent_mark != NULL ? exponent_mark : text + strlen(text)) - dot - 1;
    bool negative = text[0] == '-';
    int64_t integer = 0;
    for (const char *at = text + negative; *at != '\0' && *at != 'e'; at++)
        if (*at != '.')
            integer = integer * 10 + (*at - '0'); /* 17 digits at most */
    for (; exponent > 0; exponent--)
        if (__builtin_mul_overflow(integer, (int64_t)10, &integer))
            return false;
    *ret_integer = negative ? -integer : integer;
    return exponent == 0;
}

/* Reals without fraction are integers in the JSON that Kubernetes reads ("1.0" and "1e3" come out as 1 and 1000). */
static json_t *real_value(double real)
{
    int64_t integer = 0;
    if (!isfinite(real))
        return NULL;
    if (real > -0x1p63 && real < 0x1p63 && integer_as_written(real, &integer))
        return json_integer((json_int_t)integer);
    return json_real(real);
}

json_t *yaml_scalar_value(const struct yaml_scalar *scalar)
{
    switch (scalar->kind) {
    case YAML_KIND_NULL:
        return json_null();
    case YAML_KIND_BOOLEAN:
        return json_boolean(scalar->boolean);
    case YAML_KIND_INTEGER:
        return json_integer(scalar->integer);
    case YAML_KIND_NATURAL:
    case YAML_KIND_REAL:
        return real_value(scalar->real);
    case YAML_KIND_TEXT:
        return json_stringn_nocheck(scalar->bytes, scalar->size); /* libyaml and take_binary() let only UTF-8 through */
    }
    return NULL;
}

static char *real_key(double real)
{
    char text[NUMBER_SIZE];
    float single = (float)real;
    if (isnan(single))
        return memory_text(".nan");
    if (isinf(single))
        return memory_text(single > 0 ? ".inf" : "-.inf");
    number_format_single(single, text);
    return memory_text(text);
}

char *yaml_scalar_key(const struct yaml_scalar *scalar)
{
    switch (scalar->kind) {
    case YAML_KIND_BOOLEAN:
        return memory_text(scalar->boolean ? "true" : "false");
    case YAML_KIND_INTEGER:
        return memory_format("%lld", (long long)scalar->integer);
    case YAML_KIND_REAL:
        return real_key(scalar->real);
    case YAML_KIND_TEXT:
        if (scalar->size > 0 && memchr(scalar->bytes, '\0', scalar->size) != NULL)
            return NULL;
        return memory_text_part(scalar->bytes, scalar->size);
    case YAML_KIND_NULL:
    case YAML_KIND_NATURAL:
        return NULL;
    }
    return NULL;
}
