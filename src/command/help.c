#include "command/help.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include <stdlib.h>

static void print_options(FILE *stream, const struct command_option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        struct text left = {0};
        if (options->letter != 0)
            text_append_format(&left, "-%c, ", options->letter);
        text_append_format(&left, "--%s", options->name);
        if (options->value != NULL)
            text_append_format(&left, options->value_optional ? "[=%s]" : " %s", _(options->value));
        int width = text_width(text_peek(&left));
        fprintf(stream, "  %s%*s%s\n", text_peek(&left), width < 26 ? 28 - width : 2, "", _(options->help));
        text_release(&left);
    }
}

void command_help(FILE *stream, const struct command *command)
{
    if (command != NULL) {
        fprintf(stream, _("Usage: rollback-console %s [OPTIONS] %s\n"), command->name, command->arguments);
        fprintf(stream, "%s\n", _(command->summary));
        if (command->options != NULL) {
            fprintf(stream, "\n%s\n", _("Options:"));
            print_options(stream, command->options);
        }
        fprintf(stream, "\n%s\n", _("Options of every command:"));
        print_options(stream, command_global_options);
        return;
    }
    fputs(_("Usage: rollback-console [OPTIONS] [COMMAND [OPTIONS] [ARGUMENTS]]\n"
            "Shows what runs on a Kubernetes cluster, what changed between Helm revisions, and guides a rollback.\n"
            "Without a command: the dashboard.\n"),
          stream);
    fprintf(stream, "\n%s\n", _("Commands:"));
    for (const struct command *const *each = commands; *each != NULL; each++)
        fprintf(stream, "  %-14s %s\n", (*each)->name, _((*each)->summary));
    fprintf(stream, "\n%s\n", _("Options:"));
    print_options(stream, command_global_options);
    fputs(_("\nExit status: 0 done, 2 wrong use, 9 not found, 10 cluster not reachable, 11 forbidden, 12 invalid file; all in the manual page.\n"),
          stream);
}
