int cmd_pathway(int argc, char **argv);
int cmd_pathway(int argc, char **argv){(void)argc;(void)argv;return 2;}
