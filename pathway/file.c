/* pathway.yaml read, checked and compiled; the only file of the engine that reads a file. Called by the main files of
 * every program, and when a pathway is adopted. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1024 * 1024 };

/* Made by the build from config/pathway.yaml. */
extern const unsigned char stepcare_default_pathway[];
extern const unsigned stepcare_default_pathway_bytes;

/* --- loading ------------------------------------------------------------------------------------------------------ */

/* libcyaml's own complaints, for the few that yaml_check does not know: the first line number in them is kept. */
__attribute__((format(printf, 3, 0))) static void cyaml_complain(cyaml_log_t level, void *context, const char *format,
                                                                 va_list arguments)
{
    char text[256], *line;
    size_t *out_line = context;
    (void)level;
    vsnprintf(text, sizeof text, format, arguments);
    line = strstr(text, "(line: ");
    if (line != NULL && *out_line == 0) *out_line = strtoul(line + 7, NULL, 10);
}

static void document_load(struct pathway_compile *compile, const char *text, size_t bytes)
{
    size_t line = 0;
    cyaml_config_t cyaml = {
        .mem_fn = cyaml_mem, .log_fn = cyaml_complain, .log_ctx = &line, .log_level = CYAML_LOG_ERROR};
    cyaml_err_t error;
    if (yaml_document_get_root_node(compile->check->document) == NULL) {
        yaml_check_add_at(compile->check, 1, NULL, "the file is empty");
        return;
    }
    yaml_check_document(compile->check, &pathway_file_schema);
    if (compile->check->problems > 0) return;
    error = cyaml_load_data((const uint8_t *)text, bytes, &cyaml, &pathway_file_schema,
                            (cyaml_data_t **)&compile->pathway->file, NULL);
    if (error != CYAML_OK) {
        yaml_check_add_at(compile->check, line == 0 ? 1 : line, NULL, "cannot be loaded: %s", cyaml_strerror(error));
        return;
    }
    compile->file = compile->pathway->file;
    pathway_compile_all(compile);
}

static void text_load(struct pathway_compile *compile, const char *text, size_t bytes)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser)) {
        compile->no_memory = true;
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, bytes);
    if (!yaml_parser_load(&parser, &document)) {
        yaml_check_add_at(compile->check, parser.problem_mark.line + 1, NULL, "is not YAML: %s",
                          parser.problem != NULL ? parser.problem : "unreadable text");
    } else {
        compile->check->document = &document;
        document_load(compile, text, bytes);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

static void hash_fill(struct pathway *pathway, const char *text, size_t bytes)
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, bytes, NULL, 0);
    sodium_bin2hex(pathway->hash_hex, sizeof pathway->hash_hex, hash, sizeof hash);
}

enum stepcare_error pathway_open_text(const char *name, const char *text, size_t bytes, char *message,
                                      size_t message_bytes, struct pathway **out_pathway)
{
    struct yaml_check check = {.path = name, .message = message, .message_bytes = message_bytes};
    struct pathway_compile compile = {.check = &check, .pathway = calloc(1, sizeof(struct pathway))};
    if (compile.pathway == NULL || sodium_init() < 0) {
        free(compile.pathway);
        return STEPCARE_NO_MEMORY;
    }
    text_load(&compile, text, bytes);
    if (check.problems > 0 || compile.no_memory) {
        pathway_close(compile.pathway);
        return check.problems > 0 ? STEPCARE_CONFIG : STEPCARE_NO_MEMORY;
    }
    hash_fill(compile.pathway, text, bytes);
    *out_pathway = compile.pathway;
    return STEPCARE_OK;
}

enum stepcare_error pathway_open(const char *path, char *message, size_t message_bytes, struct pathway **out_pathway)
{
    FILE *stream = fopen(path, "re");
    char *text = malloc(FILE_BYTES_MAX + 1);
    enum stepcare_error error = STEPCARE_SYSTEM;
    size_t bytes = 0;
    if (stream != NULL && text != NULL) bytes = fread(text, 1, FILE_BYTES_MAX + 1, stream);
    if (stream == NULL || text == NULL || ferror(stream)) {
        snprintf(message, message_bytes, "%s: cannot be read: %s", path, strerror(errno));
    } else if (bytes > FILE_BYTES_MAX) {
        snprintf(message, message_bytes, "%s:1: is over %d bytes; is this the right file?", path, FILE_BYTES_MAX);
        error = STEPCARE_CONFIG;
    } else {
        text[bytes] = '\0';
        error = pathway_open_text(path, text, bytes, message, message_bytes, out_pathway);
    }
    if (stream != NULL) fclose(stream);
    free(text);
    return error;
}

const char *pathway_default_text(size_t *out_bytes)
{
    *out_bytes = stepcare_default_pathway_bytes;
    return (const char *)stepcare_default_pathway;
}

enum stepcare_error pathway_open_default(char *message, size_t message_bytes, struct pathway **out_pathway)
{
    size_t bytes;
    const char *text = pathway_default_text(&bytes);
    return pathway_open_text("the built-in pathway", text, bytes, message, message_bytes, out_pathway);
}

void pathway_close(struct pathway *pathway)
{
    cyaml_config_t cyaml = {.mem_fn = cyaml_mem};
    if (pathway == NULL) return;
    for (unsigned i = 0; i < pathway->block_count; i++) free(pathway->blocks[i]);
    free(pathway->blocks);
    if (pathway->file != NULL) cyaml_free(&cyaml, &pathway_file_schema, pathway->file, 0);
    free(pathway);
}
