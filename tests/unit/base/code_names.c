/* Names joined for people. */
#include "base/code_names.h"

#include <criterion/criterion.h>

Test(code_names, are_joined_in_order)
{
    char text[64];
    cr_assert_eq(code_names_join(&stepcare_risks, 0, text, sizeof text), strlen("low, medium, high"));
    cr_assert_str_eq(text, "low, medium, high");
    code_names_join(&stepcare_risks, 2, text, sizeof text);
    cr_assert_str_eq(text, "low, medium");
}

Test(code_names, are_cut_where_they_do_not_fit)
{
    char text[9] = "xxxxxxxx";
    cr_assert_eq(code_names_join(&stepcare_risks, 0, text, sizeof text), 8);
    cr_assert_str_eq(text, "low, med");
    cr_assert_eq(code_names_join(&stepcare_risks, 0, text, 1), 0);
    cr_assert_str_eq(text, "");
}
