/* msgpack read within its bounds, whatever the bytes are. */
#include "base/cursor.h"

#include <criterion/criterion.h>

static struct cursor on(const uint8_t *data, size_t bytes)
{
    return (struct cursor){data, data + bytes};
}

#define ON(name, ...)                                                                                                  \
    static const uint8_t name##_bytes[] = {__VA_ARGS__};                                                               \
    struct cursor name = on(name##_bytes, sizeof(name##_bytes))

Test(cursor, reads_numbers_in_every_width)
{
    ON(cursor, 0x7f, 0xcc, 0xff, 0xcd, 1, 0, 0xce, 0, 1, 0, 0, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
       0xd0, 5);
    static const uint64_t expected[] = {127, 255, 256, 65536, UINT64_MAX, 5};
    for (unsigned i = 0; i < 6; i++) {
        uint64_t value = 0;
        cr_assert(cursor_uint(&cursor, &value));
        cr_assert_eq(value, expected[i]);
    }
    cr_assert_eq(cursor_bytes_left(&cursor), 0);
}

Test(cursor, reads_negative_numbers)
{
    ON(cursor, 0xff, 0xe0, 0xd0, 0x80, 0xd1, 0xff, 0x00, 0xd2, 0xff, 0xff, 0xff, 0xfe, 0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0);
    static const int64_t expected[] = {-1, -32, -128, -256, -2, INT64_MIN};
    for (unsigned i = 0; i < 6; i++) {
        int64_t value = 0;
        cr_assert(cursor_int(&cursor, &value));
        cr_assert_eq(value, expected[i]);
    }
}

Test(cursor, negative_is_no_uint_and_too_large_is_no_int)
{
    uint64_t unsigned_value;
    int64_t signed_value;
    ON(negative, 0xff);
    ON(large, 0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0);
    cr_assert_not(cursor_uint(&negative, &unsigned_value));
    cr_assert_not(cursor_int(&large, &signed_value));
}

Test(cursor, refuses_a_value_cut_anywhere)
{
    static const uint8_t values[][10] = {{0xcd, 1, 2},    {0xa3, 'a', 'b', 'c'}, {0xd9, 2, 'a', 'b'},
                                         {0xc4, 2, 1, 2}, {0x92, 1, 2},          {0x81, 1, 2}};
    static const size_t sizes[] = {3, 4, 4, 4, 3, 3};
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t bytes = 0; bytes < sizes[i]; bytes++) {
            struct cursor cursor = on(values[i], bytes);
            cr_assert_not(cursor_skip(&cursor, 8), "value %u at %zu bytes", i, bytes);
        }
        struct cursor whole = on(values[i], sizes[i]);
        cr_assert(cursor_skip(&whole, 8));
        cr_assert_eq(cursor_bytes_left(&whole), 0);
    }
}

Test(cursor, believes_no_count_that_the_bytes_cannot_hold)
{
    uint32_t count;
    ON(array, 0xdd, 0x10, 0, 0, 0);
    ON(map, 0xdf, 0xff, 0xff, 0xff, 0xff, 1, 2);
    ON(two_pairs, 0x82, 1, 2, 3);
    cr_assert_not(cursor_array(&array, &count));
    cr_assert_not(cursor_map(&map, &count));
    cr_assert_not(cursor_map(&two_pairs, &count));
}

Test(cursor, follows_nesting_to_the_limit_and_no_further)
{
    uint8_t bytes[9];
    memset(bytes, 0x91, sizeof bytes);
    bytes[8] = 1;
    struct cursor eight = on(bytes, 9), seven = on(bytes, 9);
    cr_assert(cursor_skip(&eight, 8));
    cr_assert_not(cursor_skip(&seven, 7));
}

Test(cursor, refuses_types_that_no_message_has)
{
    static const uint8_t types[] = {0xc1, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xd4, 0xd8};
    for (unsigned i = 0; i < sizeof types; i++) {
        uint8_t bytes[24] = {types[i], 1};
        struct cursor cursor = on(bytes, sizeof bytes);
        cr_assert_not(cursor_skip(&cursor, 8), "%02x", types[i]);
    }
}
