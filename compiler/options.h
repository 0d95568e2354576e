/* The command line. The table below is what --help prints, what the parser
 * accepts and what the tests go through.
 */
#ifndef DLC_OPTIONS_H
#define DLC_OPTIONS_H

#include "pass.h"

typedef enum OptionId {
#define OPTION(id, name, value, text) OPT_##id,
#include "option_table.h"
#undef OPTION
    OPT_COUNT
} OptionId;

typedef enum Command {
    CMD_COMPILE,
    CMD_RUN,
    CMD_FIT,
    CMD_EXPLAIN,
    CMD_TUNE
} Command;

typedef struct CommandLine {
    Command command;
    const char *input;            /* model.dl or module.dlir */
    const char *value[OPT_COUNT]; /* NULL: not given; flags: "" */
    Map *defines;                 /* -D */
    StringArray rest;             /* what run and fit pass to the driver */
} CommandLine;

/* Prints what is wrong and exits 2; --help, --version and the lists print and
 * exit 0. */
CommandLine options_parse(Arena *a, int argc, char **argv);

extern const char *const dlc_version;

#endif
