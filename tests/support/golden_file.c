/* Golden files: named lines of bytes, compared with what the code makes of them today. */
#include "tests/support/golden_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct golden_file {
    FILE *written; /* NULL: reading */
    char *text;
    uint8_t *bytes;
    unsigned count;
};

static void source_path(const char *path, char *out_path, size_t bytes)
{
    const char *source = getenv("STEPCARE_SOURCE");
    snprintf(out_path, bytes, "%s/%s", source == NULL ? "." : source, path);
}

char *source_text_read(const char *path)
{
    char whole[4096];
    char *text = NULL;
    size_t room = 0, bytes = 0;
    source_path(path, whole, sizeof(whole));
    FILE *file = fopen(whole, "rb");
    if (file == NULL) return NULL;
    do {
        room += 65536;
        text = realloc(text, room);
        if (text == NULL) abort();
        bytes += fread(text + bytes, 1, room - bytes - 1, file);
    } while (bytes == room - 1);
    fclose(file);
    text[bytes] = '\0';
    return text;
}

struct golden_file *golden_file_open(const char *path)
{
    char whole[4096];
    struct golden_file *file = calloc(1, sizeof(*file));
    if (file == NULL) abort();
    source_path(path, whole, sizeof(whole));
    if (getenv("STEPCARE_GOLDEN_WRITE") != NULL) {
        file->written = fopen(whole, "w");
        if (file->written == NULL) abort();
        return file;
    }
    file->text = source_text_read(path);
    if (file->text == NULL) abort();
    file->bytes = malloc(strlen(file->text) + 1);
    if (file->bytes == NULL) abort();
    for (const char *at = file->text; (at = strchr(at, '\n')) != NULL; at++) file->count++;
    return file;
}

void golden_file_close(struct golden_file *file)
{
    if (file == NULL) return;
    if (file->written != NULL) fclose(file->written);
    free(file->text);
    free(file->bytes);
    free(file);
}

const uint8_t *golden_file_find(struct golden_file *file, const char *name, size_t *out_bytes)
{
    size_t name_bytes = strlen(name), bytes = 0;
    for (const char *line = file->text; line != NULL && *line != '\0';
         line = strchr(line, '\n'), line += line != NULL) {
        if (strncmp(line, name, name_bytes) != 0 || line[name_bytes] != ' ') continue;
        unsigned byte;
        for (const char *at = line + name_bytes + 1; sscanf(at, "%2x", &byte) == 1; at += 2) {
            file->bytes[bytes++] = (uint8_t)byte;
            if (at[2] == '\n') break;
        }
        *out_bytes = bytes;
        return file->bytes;
    }
    return NULL;
}

bool golden_file_agrees(struct golden_file *file, const char *name, const uint8_t *data, size_t bytes)
{
    size_t golden_bytes = 0;
    if (file->written == NULL) {
        const uint8_t *golden = golden_file_find(file, name, &golden_bytes);
        return golden != NULL && golden_bytes == bytes && memcmp(golden, data, bytes) == 0;
    }
    fprintf(file->written, "%s ", name);
    for (size_t i = 0; i < bytes; i++) fprintf(file->written, "%02x", data[i]);
    fprintf(file->written, "\n");
    file->count++;
    return true;
}

unsigned golden_file_count(const struct golden_file *file)
{
    return file->count;
}
