/* What `simulate` and the one who starts it as a child agree on. */
#pragma once

#define SIMULATE_READY "# ready\n" /* the last line of the kubeconfig that it prints */
#define SIMULATE_UNTIL_STDIN_CLOSES "until-stdin-closes"
#define SIMULATE_DEFAULT_SCENARIO "bad-upgrade"
