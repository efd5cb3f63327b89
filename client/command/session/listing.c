/* Listings are asked for page by page and printed as the pages come. */
#include "client/command/session/listing.h"

#include "stepcare/referral_id.h"

#include <unistd.h>

enum { PAGE_PLACE_BYTES = 96 }; /* the most that `after` may be */

#define F(name) STEPCARE_FIELD_##name

const uint8_t listing_work_keys[] = {F(referral_id), F(tier),  F(service), F(urgency), F(due),
                                     F(referred_at), F(codes), F(holds),   0};

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
    struct buffer buffer = {0};
    for (uint32_t i = 0; i < rows->count; i++) record_line_write(&buffer, &rows->items[i], listing->always);
    buffer_close(&buffer);
}

/* --after names a referral, as programs see rows only: what follows its row is printed. */
struct resume {
    bool wanted, found;
    uint64_t referral_id;
};

static void rows_skip(struct resume *resume, struct stepcare_records *rows)
{
    while (resume->wanted && !resume->found && rows->count > 0) {
        resume->found = STEPCARE_GET(rows->items, referral_id, 0) == resume->referral_id;
        rows->items++;
        rows->count--;
    }
}

static void more_hint(const struct stepcare_records *rows, bool json)
{
    char id[FIELD_TEXT_BYTES];
    if (json || rows->count == 0 || field_value_text(&rows->items[rows->count - 1], F(referral_id), id) == 0) return;
    fflush(stdout);
    fprintf(stderr, "There is more: --after %s\n", id);
}

/* The next page's place into the request. False when this was the last page. */
static bool page_turn(const struct stepcare_record *page, struct stepcare_record *request, char after[PAGE_PLACE_BYTES])
{
    if (!STEPCARE_HAS(page, after) || page->after.bytes == 0 || page->after.bytes > PAGE_PLACE_BYTES) return false;
    memcpy(after, page->after.data, page->after.bytes);
    STEPCARE_SET(request, after, ((struct stepcare_text){after, page->after.bytes}));
    return true;
}

static void after_take(const struct arguments *arguments, struct resume *resume, struct stepcare_record *request)
{
    if (arguments->after == NULL) return;
    struct stepcare_text text = stepcare_text_of(arguments->after);
    resume->wanted = stepcare_referral_id_parse(text, &resume->referral_id);
    if (!resume->wanted) STEPCARE_SET(request, after, text);
}

int listing_run(struct session *session, const struct listing *listing, struct stepcare_record *request)
{
    const struct arguments *arguments = session->arguments;
    static const struct stepcare_records none = {0};
    char after[PAGE_PLACE_BYTES];
    uint64_t left = arguments->limit == 0 ? UINT64_MAX : arguments->limit, printed = 0;
    struct resume resume = {.wanted = false};
    after_take(arguments, &resume, request);
    for (bool first = true, more = true; more && left > 0; first = false) {
        struct stepcare_reply *reply = NULL;
        bool whole_page = left > STEPCARE_LISTING_COUNT_MAX || resume.wanted;
        STEPCARE_SET(request, limit, whole_page ? STEPCARE_LISTING_COUNT_MAX : left);
        int code = session_call(session, listing->verb, request, &reply);
        if (code != EXIT_DONE) return code;
        const struct stepcare_record *page = stepcare_reply_record(reply);
        struct stepcare_records rows = STEPCARE_GET(page, rows, none);
        if (first && !arguments->json) emergencies_warn(page);
        more = page_turn(page, request, after);
        rows_skip(&resume, &rows);
        bool cut = rows.count > left;
        if (cut) rows.count = (uint32_t)left;
        rows_print(arguments, &rows, listing);
        printed += rows.count;
        left -= rows.count;
        if (left == 0 && (more || cut)) more_hint(&rows, arguments->json);
        stepcare_reply_close(&reply);
    }
    if (resume.wanted && !resume.found) {
        return refusal_print(
            arguments, STEPCARE_NOT_FOUND, arguments->after,
            "the referral named by --after is not in this listing (any more): begin again without --after", NULL);
    }
    if (printed == 0 && !arguments->json) puts(listing->nothing);
    return EXIT_DONE;
}
