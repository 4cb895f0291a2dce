/*
 * The documents of a manifest's text. A document ends where a line begins with '---': never inside a block scalar, whose lines are indented.
 *
 * Two readers stand behind this. Helm splits what templates render (regular expression `(?:^|\s*\n)---\s*` in releaseutil.SplitManifests: text behind
 * the dashes begins the next document) and stores the pieces with '---' between them; the Kubernetes client reads the stored text line by line
 * (k8s.io/apimachinery/pkg/util/yaml: YAMLReader) and hands each piece to a YAML parser that stops at the document's end ('...').
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A stretch of the manifest's text. */
struct document {
    const char *text;
    size_t size;
    int line;           /* of the manifest, from 1 */
    const char *source; /* what follows "# Source: " in its head, or NULL */
    size_t source_size;
};

struct document_reader {
    const char *rest;
    const char *end;
    int line;
};

void document_reader_init(struct document_reader *reader, const char *text, size_t size);
/* The next document that has more than white space and comments; false at the end. */
bool document_next(struct document_reader *reader, struct document *ret_document);
