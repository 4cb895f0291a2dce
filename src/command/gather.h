/* What most commands begin with: a session for what they want, run until everything is known. */
#pragma once

#include "base/error.h"
#include "command/command.h"
#include "session/session.h"

/* The session options that the command line and the environment say; `options` keeps what the caller set of wants, from, to. */
bool gather_options(const struct command_run *run, struct session_options *options, struct error *error);

/* Opens, waits until complete, and checks. The session is the caller's to close. Fails with what made the session fail. */
bool gather(const struct command_run *run, struct session_options *options, struct session **ret_session, struct error *error);

/* False with the part's own reason when it is unknown: for commands that are about this part alone. */
bool gather_part(const struct part *part, struct error *error);
