/*
 * Runs a fuzz target without a fuzzing engine: every file as it is, then changed copies of them.
 *   fuzz_NAME [-n COUNT] [-s SEED] FILE…
 * The same seed gives the same copies. What an input did is known from the last line before a crash; `-n 0` runs files
 * alone, to repeat it. The targets have the entry point that LLVM's engine calls; link them with -fsanitize=fuzzer
 * instead of this file to use it.
 */
#include "base/file.h"
#include "base/memory.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_LIMIT (1u << 20)
#define CRASH_FILE  "fuzz-last-input"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
    char *bytes;
    size_t size;
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(next_random(state) % limit);
}

/* Signs that mean something to YAML, JSON, base64 or a terminal. */
static const char *const PIECES[] = {"{",       "}",  "[",    "]",  "\"",   "'",      ": ",   "- ",
                                     "\n",      "\t", "&a ",  "*a", "<<: ", "!!str ", "|\n",  "\\u0000",
                                     "\\",      "=",  "e308", "-0", ".inf", "\x1b[",  "\xff", "\xe2\x80\xae",
                                     "token: ", "://"};

/* Replaces the part of `input` from `at` to `end` by `piece`. */
static void splice(struct input *input, size_t at, size_t end, const char *piece, size_t piece_size)
{
    size_t size = input->size - (end - at) + piece_size;
    if (size > INPUT_LIMIT)
        return;
    char *bytes = memory_new(size + 1);
    memcpy(bytes, input->bytes, at);
    memcpy(bytes + at, piece, piece_size);
    memcpy(bytes + at + piece_size, input->bytes + end, input->size - end);
    free(input->bytes);
    *input = (struct input){bytes, size};
}

static void change(struct input *input, const struct input *other, uint64_t *state)
{
    size_t at = below(state, input->size + 1);
    size_t end = at + below(state, input->size - at + 1);
    switch (below(state, 5)) {
    case 0:
        if (input->size > 0)
            input->bytes[below(state, input->size)] = (char)next_random(state);
        break;
    case 1: {
        const char *piece = PIECES[below(state, LENGTH_OF(PIECES))];
        splice(input, at, at, piece, strlen(piece));
        break;
    }
    case 2:
        splice(input, at, end, "", 0);
        break;
    case 3: {
        CLEANUP_FREE char *copy = memory_copy(input->bytes + at, end - at + 1);
        splice(input, at, at, copy, end - at);
        break;
    }
    default: {
        size_t from = below(state, other->size + 1);
        splice(input, at, at, other->bytes + from, below(state, other->size - from + 1));
        break;
    }
    }
}

/* Keeps the input in a file while it runs, so that a crash can be repeated. */
static void run(const struct input *input)
{
    FILE *file = fopen(CRASH_FILE, "we");
    if (file != NULL) {
        fwrite(input->bytes, 1, input->size, file);
        fclose(file);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)input->bytes, input->size);
}

static struct input *read_inputs(char **paths, size_t count)
{
    struct input *inputs = memory_new_array(count, sizeof *inputs);
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        if (!file_read(paths[i], INPUT_LIMIT, &inputs[i].bytes, &inputs[i].size, &error)) {
            fprintf(stderr, "%s\n", error.message);
            exit(EXIT_FAILURE);
        }
    }
    return inputs;
}

int main(int argc, char **argv)
{
    unsigned long count = 10000;
    uint64_t state = 1;
    for (int option = 0; (option = getopt(argc, argv, "n:s:")) != -1;) {
        if (option == 'n')
            count = strtoul(optarg, NULL, 10);
        else if (option == 's')
            state = strtoull(optarg, NULL, 10) | 1;
        else
            return 2;
    }
    size_t files = (size_t)(argc - optind);
    struct input *inputs = read_inputs(argv + optind, files);
    for (size_t i = 0; i < files; i++)
        run(&inputs[i]);
    for (unsigned long i = 0; i < count && files > 0; i++) {
        const struct input *seed = &inputs[below(&state, files)];
        struct input input = {memory_copy(seed->bytes, seed->size + 1), seed->size};
        for (size_t changes = 1 + below(&state, 8); changes > 0; changes--)
            change(&input, &inputs[below(&state, files)], &state);
        run(&input);
        free(input.bytes);
    }
    for (size_t i = 0; i < files; i++)
        free(inputs[i].bytes);
    free(inputs);
    unlink(CRASH_FILE);
    printf("%zu files and %lu changed copies: no crash\n", files, count);
    return EXIT_SUCCESS;
}
