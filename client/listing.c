#include "client/listing.h"

#include <unistd.h>

#define F(name) STEPCARE_FIELD_##name

const uint8_t listing_work_keys[] = {F(referral_id), F(tier), F(service), F(urgency), F(due), F(referred_at), F(codes), F(holds), 0};

void emergencies_warn(const struct stepcare_record *reply)
{
    uint64_t count = STEPCARE_GET(reply, priority, 0);
    if (count == 0) return;
    bool colour = colour_wanted(STDERR_FILENO);
    fprintf(stderr, "%s!! %llu %s no named person yet. See them first: stepcare worklist emergency%s\n",
            colour ? "\033[1;37;41m" : "", (unsigned long long)count, count == 1 ? "emergency has" : "emergencies have",
            colour ? "\033[0m" : "");
}

void rows_print(const struct arguments *arguments, const struct stepcare_records *rows, const struct listing *listing)
{
    if (!arguments->json) {
        table_print(rows, listing->columns);
        return;
    }
    struct wire_buffer buffer = {0};
    for (uint32_t i = 0; i < rows->count; i++) record_line_write(&buffer, &rows->items[i], listing->always);
    wire_buffer_close(&buffer);
}

int listing_run(struct session *session, const struct listing *listing, struct stepcare_record *request)
{
    const struct arguments *arguments = session->arguments;
    static const struct stepcare_records none = {0};
    char after[97];
    uint64_t left = arguments->limit == 0 ? UINT64_MAX : arguments->limit, printed = 0;
    int code = EXIT_DONE;
    if (arguments->after != NULL) STEPCARE_SET(request, after, stepcare_text_of(arguments->after));
    for (bool first = true, more = true; more && left > 0; first = false) {
        struct stepcare_reply *reply = NULL;
        STEPCARE_SET(request, limit, left < STEPCARE_LISTING_COUNT_MAX ? left : STEPCARE_LISTING_COUNT_MAX);
        code = session_call(session, listing->verb, request, &reply);
        if (code != EXIT_DONE) return code;
        const struct stepcare_record *page = stepcare_reply_record(reply);
        struct stepcare_records rows = STEPCARE_GET(page, rows, none);
        if (first && !arguments->json) emergencies_warn(page);
        rows_print(arguments, &rows, listing);
        printed += rows.count;
        left -= rows.count < left ? rows.count : left;
        more = STEPCARE_HAS(page, after) && page->after.bytes > 0 && page->after.bytes < sizeof after;
        if (more) {
            memcpy(after, page->after.data, page->after.bytes);
            STEPCARE_SET(request, after, ((struct stepcare_text){after, page->after.bytes}));
        }
        if (more && left == 0 && !arguments->json) {
            fprintf(stderr, "There is more: --after %.*s\n", (int)request->after.bytes, after);
        }
        stepcare_reply_close(&reply);
    }
    if (printed == 0 && !arguments->json) puts(listing->nothing);
    return code;
}
