/*
 * The terminal given back even when the program crashes: the bytes and settings that restore it are kept ready, and a
 * fatal signal writes them before it takes its normal course (core dump, exit status). One terminal a process: a signal
 * handler can be given no context.
 */
#pragma once

#include <stddef.h>
#include <termios.h>

void crash_guard(int fd, const struct termios *settings, const char *restore,
                 size_t size); /* copies; `restore` is cut at 256 bytes */
void crash_unguard(void);
