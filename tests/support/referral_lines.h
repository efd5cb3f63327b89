/* Referrals as lines of JSON for tests of the command: one known decision each (default pathway). */
#ifndef TESTS_SUPPORT_REFERRAL_LINES_H
#define TESTS_SUPPORT_REFERRAL_LINES_H

/* LINE(message id, more members of the object, beginning with a comma): a valid referral of low back pain. */
#define REFERRAL_LINE(message_id, more)                                                                                \
    "{\"message_id\":\"" message_id                                                                                    \
    "\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\",\"reference\":\"ref " message_id                   \
    "\"},\"referred_at\":\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-" \
    "17\"},"                                                                                                           \
    "\"problem\":\"low_back_pain\",\"duration_weeks\":9" more "}\n"

#define SCREENED ",\"red_flags\":{\"screened\":true,\"present\":[]}"
#define PHYSIO_LINE(message_id)                                                                                        \
    REFERRAL_LINE(message_id, SCREENED ",\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2]}")
#define GP_ADVICE_LINE(message_id)                                                                                     \
    REFERRAL_LINE(message_id, SCREENED ",\"instruments\":{\"start_back_9\":[0,0,0,0,0,0,0,0,0]}")
#define EMERGENCY_LINE(message_id)                                                                                     \
    REFERRAL_LINE(message_id, ",\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}")
#define HELD_LINE(message_id) REFERRAL_LINE(message_id, ",\"red_flags\":{\"screened\":false,\"present\":[]}")

#endif
