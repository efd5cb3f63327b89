# bash completion for stepcare, for /usr/share/bash-completion/completions/stepcare (or source it from ~/.bashrc).
# The program prints its own script, so completion always fits the installed version.
command -v stepcare >/dev/null 2>&1 && source <(stepcare completion bash)
