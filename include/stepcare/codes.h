/* The closed sets of names that travel and are stored: tiers, urgencies, holds, red flags ... Each is one table of
 * (number, C name, wire name). 0 always means "none" (null in JSON). Numbers are wire and disk format: append only.
 * Source: the referral format and the default pathway (config/pathway.yaml). */
#ifndef STEPCARE_CODES_H
#define STEPCARE_CODES_H

#include <stddef.h>
#include <stdint.h>

#define STEPCARE_TIERS(X)                                                                                              \
    X(1, TIER_GP_ADVICE, "gp_advice")                                                                                  \
    X(2, TIER_T_CBT, "t_cbt")                                                                                          \
    X(3, TIER_PHYSIO, "physio")                                                                                        \
    X(4, TIER_HI_CBT, "hi_cbt")                                                                                        \
    X(5, TIER_SECONDARY_CARE, "secondary_care")                                                                        \
    X(6, TIER_EMERGENCY, "emergency")                                                                                  \
    X(7, TIER_MANUAL_REVIEW, "manual_review")

#define STEPCARE_SERVICES(X)                                                                                           \
    X(1, SERVICE_RHEUMATOLOGY, "rheumatology")                                                                         \
    X(2, SERVICE_SPINAL, "spinal")                                                                                     \
    X(3, SERVICE_PAIN, "pain")                                                                                         \
    X(4, SERVICE_SUSPECTED_CANCER, "suspected_cancer")                                                                 \
    X(5, SERVICE_PAEDIATRICS, "paediatrics")

/* In order of intensity: the smaller number goes first in every worklist. */
#define STEPCARE_URGENCIES(X)                                                                                          \
    X(1, URGENCY_EMERGENCY, "emergency")                                                                               \
    X(2, URGENCY_URGENT_24H, "urgent_24h")                                                                             \
    X(3, URGENCY_URGENT_2W, "urgent_2w")                                                                               \
    X(4, URGENCY_URGENT_3W, "urgent_3w")                                                                               \
    X(5, URGENCY_SOON, "soon")                                                                                         \
    X(6, URGENCY_ROUTINE, "routine")

/* In order of precedence: the first one held gives owner, next action and due. Masks use bit (number - 1). */
#define STEPCARE_HOLDS(X)                                                                                              \
    X(1, HOLD_SAFETY_REVIEW, "safety_review")                                                                          \
    X(2, HOLD_RED_FLAGS_UNSCREENED, "red_flags_unscreened")                                                            \
    X(3, HOLD_SECOND_CLINICIAN, "second_clinician")                                                                    \
    X(4, HOLD_INFORMATION_NEEDED, "information_needed")

#define STEPCARE_SOURCES(X)                                                                                            \
    X(1, SOURCE_GP, "gp")                                                                                              \
    X(2, SOURCE_RHEUMATOLOGY, "rheumatology")                                                                          \
    X(3, SOURCE_MSK, "msk")

#define STEPCARE_PROBLEMS(X)                                                                                           \
    X(1, PROBLEM_LOW_BACK_PAIN, "low_back_pain")                                                                       \
    X(2, PROBLEM_CHRONIC_WIDESPREAD_PAIN, "chronic_widespread_pain")                                                   \
    X(3, PROBLEM_REGIONAL_MSK_PAIN, "regional_msk_pain")

/* Masks use bit (number - 1) in all the lists below. */
#define STEPCARE_RED_FLAGS(X)                                                                                          \
    X(1, FLAG_BLADDER_DYSFUNCTION, "bladder_dysfunction")                                                              \
    X(2, FLAG_BOWEL_DYSFUNCTION, "bowel_dysfunction")                                                                  \
    X(3, FLAG_SADDLE_ANAESTHESIA, "saddle_anaesthesia")                                                                \
    X(4, FLAG_SEXUAL_DYSFUNCTION, "sexual_dysfunction")                                                                \
    X(5, FLAG_BILATERAL_LEG_NEUROLOGY, "bilateral_leg_neurology")                                                      \
    X(6, FLAG_SPINAL_CORD_SIGNS, "spinal_cord_signs")                                                                  \
    X(7, FLAG_CANCER_HISTORY, "cancer_history")                                                                        \
    X(8, FLAG_NEUROLOGICAL_SYMPTOMS, "neurological_symptoms")                                                          \
    X(9, FLAG_SUSPECTED_SPINAL_INFECTION, "suspected_spinal_infection")                                                \
    X(10, FLAG_SYSTEMICALLY_UNWELL, "systemically_unwell")                                                             \
    X(11, FLAG_IMMUNOSUPPRESSION, "immunosuppression")                                                                 \
    X(12, FLAG_MAJOR_TRAUMA, "major_trauma")                                                                           \
    X(13, FLAG_PROGRESSIVE_MOTOR_DEFICIT, "progressive_motor_deficit")                                                 \
    X(14, FLAG_SUICIDAL_INTENT, "suicidal_intent")                                                                     \
    X(15, FLAG_METASTATIC_PAIN_PATTERN, "metastatic_pain_pattern")                                                     \
    X(16, FLAG_UNEXPLAINED_WEIGHT_LOSS, "unexplained_weight_loss")                                                     \
    X(17, FLAG_RAISED_INFLAMMATORY_MARKERS, "raised_inflammatory_markers")                                             \
    X(18, FLAG_OSTEOPOROSIS_NEW_SEVERE_PAIN, "osteoporosis_new_severe_pain")                                           \
    X(19, FLAG_MAJOR_MOTOR_WEAKNESS, "major_motor_weakness")                                                           \
    X(20, FLAG_FIRST_ONSET_OVER_60, "first_onset_over_60")                                                             \
    X(21, FLAG_LONG_TERM_STEROIDS, "long_term_steroids")                                                               \
    X(22, FLAG_THORACIC_PAIN, "thoracic_pain")                                                                         \
    X(23, FLAG_NIGHT_PAIN, "night_pain")

#define STEPCARE_FINDINGS(X)                                                                                           \
    X(1, FINDING_SYNOVITIS_MULTIPLE_JOINTS, "synovitis_multiple_joints")                                               \
    X(2, FINDING_SYNOVITIS_SINGLE_JOINT, "synovitis_single_joint")                                                     \
    X(3, FINDING_RADICULAR_PAIN_FAILED_6_WEEKS, "radicular_pain_failed_6_weeks")

#define STEPCARE_HISTORIES(X)                                                                                          \
    X(1, HISTORY_PHYSIO_FAILED, "physio_failed")                                                                       \
    X(2, HISTORY_STEP2_FAILED, "step2_failed")                                                                         \
    X(3, HISTORY_STEP3_FAILED, "step3_failed")

#define STEPCARE_PREFERENCES(X)                                                                                        \
    X(1, PREFERENCE_DECLINES_PSYCHOLOGY, "declines_psychology")                                                        \
    X(2, PREFERENCE_TELEPHONE, "prefers_telephone")                                                                    \
    X(3, PREFERENCE_VIDEO, "prefers_video")                                                                            \
    X(4, PREFERENCE_FACE_TO_FACE, "prefers_face_to_face")                                                              \
    X(5, PREFERENCE_NEEDS_INTERPRETER, "needs_interpreter")

#define STEPCARE_AXSPA_FEATURES(X)                                                                                     \
    X(1, AXSPA_NIGHT_WAKING_SECOND_HALF, "night_waking_second_half")                                                   \
    X(2, AXSPA_BUTTOCK_PAIN, "buttock_pain")                                                                           \
    X(3, AXSPA_IMPROVES_WITH_MOVEMENT, "improves_with_movement")                                                       \
    X(4, AXSPA_NSAID_RESPONSE_48H, "nsaid_response_48h")                                                               \
    X(5, AXSPA_FIRST_DEGREE_RELATIVE, "first_degree_relative")                                                         \
    X(6, AXSPA_ARTHRITIS, "arthritis")                                                                                 \
    X(7, AXSPA_ENTHESITIS, "enthesitis")                                                                               \
    X(8, AXSPA_PSORIASIS, "psoriasis")

#define STEPCARE_HLA_B27S(X)                                                                                           \
    X(1, HLA_B27_POSITIVE, "positive")                                                                                 \
    X(2, HLA_B27_NEGATIVE, "negative")                                                                                 \
    X(3, HLA_B27_UNKNOWN, "unknown")

#define STEPCARE_RISKS(X)                                                                                              \
    X(1, RISK_LOW, "low")                                                                                              \
    X(2, RISK_MEDIUM, "medium")                                                                                        \
    X(3, RISK_HIGH, "high")

#define STEPCARE_OUTCOMES(X)                                                                                           \
    X(1, OUTCOME_ACCEPTED, "accepted")                                                                                 \
    X(2, OUTCOME_DUPLICATE, "duplicate")                                                                               \
    X(3, OUTCOME_REJECTED, "rejected")

#define STEPCARE_STATES(X)                                                                                             \
    X(1, STATE_RECEIVED, "received")                                                                                   \
    X(2, STATE_WAITING, "waiting")                                                                                     \
    X(3, STATE_CLAIMED, "claimed")                                                                                     \
    X(4, STATE_IN_TREATMENT, "in_treatment")                                                                           \
    X(5, STATE_CLOSED, "closed")

#define STEPCARE_NEXT_ACTIONS(X)                                                                                       \
    X(1, NEXT_TRIAGE, "triage")                                                                                        \
    X(2, NEXT_CLAIM, "claim")                                                                                          \
    X(3, NEXT_ASSIGN, "assign")                                                                                        \
    X(4, NEXT_SAFETY_REVIEW, "safety_review")                                                                          \
    X(5, NEXT_SCREEN_RED_FLAGS, "screen_red_flags")                                                                    \
    X(6, NEXT_SECOND_OPINION, "second_opinion")                                                                        \
    X(7, NEXT_PROVIDE_INFORMATION, "provide_information")                                                              \
    X(8, NEXT_ACCEPT, "accept")                                                                                        \
    X(9, NEXT_FIRST_CONTACT, "first_contact")                                                                          \
    X(10, NEXT_CONTACT, "contact")                                                                                     \
    X(11, NEXT_REVIEW, "review")                                                                                       \
    X(12, NEXT_DECIDE_RECOMMENDATION, "decide_recommendation")                                                         \
    X(13, NEXT_ACCEPT_HANDOVER, "accept_handover")                                                                     \
    X(14, NEXT_RESOLVE_HANDOVER, "resolve_handover")                                                                   \
    X(15, NEXT_OPT_IN, "opt_in")                                                                                       \
    X(16, NEXT_CLOSE, "close")                                                                                         \
    X(17, NEXT_EMERGENCY, "arrange_emergency_care")

#define STEPCARE_KINDS(X)                                                                                              \
    X(1, KIND_TRIAGE, "triage")                                                                                        \
    X(2, KIND_T_CBT, "t_cbt")                                                                                          \
    X(3, KIND_PHYSIO, "physio")                                                                                        \
    X(4, KIND_SECONDARY_CARE, "secondary_care")

#define STEPCARE_ACTIONS(X)                                                                                            \
    X(1, ACTION_CONTINUE, "continue")                                                                                  \
    X(2, ACTION_STEP_UP, "step_up")                                                                                    \
    X(3, ACTION_STEP_DOWN, "step_down")                                                                                \
    X(4, ACTION_DISCHARGE, "discharge")                                                                                \
    X(5, ACTION_CLINICIAN_REVIEW, "clinician_review")

#define STEPCARE_TREATMENT_OUTCOMES(X)                                                                                 \
    X(1, TREATMENT_TREATED, "treated")                                                                                 \
    X(2, TREATMENT_PLAN_PHYSIO, "plan_physio")                                                                         \
    X(3, TREATMENT_PLAN_T_CBT, "plan_t_cbt")                                                                           \
    X(4, TREATMENT_ONGOING, "ongoing")

#define STEPCARE_CONTACT_OUTCOMES(X)                                                                                   \
    X(1, CONTACT_ATTENDED, "attended")                                                                                 \
    X(2, CONTACT_DID_NOT_ATTEND, "did_not_attend")                                                                     \
    X(3, CONTACT_NO_ANSWER, "no_answer")                                                                               \
    X(4, CONTACT_CANCELLED, "cancelled")                                                                               \
    X(5, CONTACT_OPT_IN_LETTER, "opt_in_letter")

#define STEPCARE_CHANNELS(X)                                                                                           \
    X(1, CHANNEL_TELEPHONE, "telephone")                                                                               \
    X(2, CHANNEL_VIDEO, "video")                                                                                       \
    X(3, CHANNEL_FACE_TO_FACE, "face_to_face")                                                                         \
    X(4, CHANNEL_TEXT_MESSAGE, "text_message")                                                                         \
    X(5, CHANNEL_LETTER, "letter")                                                                                     \
    X(6, CHANNEL_EMAIL, "email")

#define STEPCARE_HANDOVER_PHASES(X)                                                                                    \
    X(1, HANDOVER_PROPOSED, "proposed")                                                                                \
    X(2, HANDOVER_ACCEPTED, "accepted")                                                                                \
    X(3, HANDOVER_DECLINED, "declined")                                                                                \
    X(4, HANDOVER_OVERDUE, "overdue")                                                                                  \
    X(5, HANDOVER_DONE, "first_contact_done")

/* What people and programs may do goes by role; somebody can have several, worker and gateway stand alone. */
#define STEPCARE_ROLES(X)                                                                                              \
    X(1, ROLE_REFERRER, "referrer")                                                                                    \
    X(2, ROLE_PRACTITIONER, "practitioner")                                                                            \
    X(3, ROLE_TRIAGE_LEAD, "triage_lead")                                                                              \
    X(4, ROLE_SAFETY_LEAD, "safety_lead")                                                                              \
    X(5, ROLE_ADMINISTRATOR, "administrator")                                                                          \
    X(6, ROLE_AUDITOR, "auditor")                                                                                      \
    X(7, ROLE_WORKER, "worker")                                                                                        \
    X(8, ROLE_GATEWAY, "gateway")

/* The ledger's events, past tense. The number is in every stored event. */
#define STEPCARE_EVENTS(X)                                                                                             \
    X(1, EVENT_REFERRAL_RECEIVED, "referral_received")                                                                 \
    X(2, EVENT_REFERRAL_TRIAGED, "referral_triaged")                                                                   \
    X(3, EVENT_TRIAGE_FAILED, "triage_failed")                                                                         \
    X(4, EVENT_EPISODE_LINKED, "episode_linked")                                                                       \
    X(5, EVENT_CLAIMED, "claimed")                                                                                     \
    X(6, EVENT_CLAIM_RENEWED, "claim_renewed")                                                                         \
    X(7, EVENT_CLAIM_RELEASED, "claim_released")                                                                       \
    X(8, EVENT_CLAIM_EXPIRED, "claim_expired")                                                                         \
    X(9, EVENT_CLAIM_ACCEPTED, "claim_accepted")                                                                       \
    X(10, EVENT_REFERRAL_DECLINED, "referral_declined")                                                                \
    X(11, EVENT_HOLD_RELEASED, "hold_released")                                                                        \
    X(12, EVENT_ASSIGNED, "assigned")                                                                                  \
    X(13, EVENT_CLOSED, "closed")                                                                                      \
    X(14, EVENT_CANCELLED, "cancelled")                                                                                \
    X(15, EVENT_INFORMATION_ADDED, "information_added")                                                                \
    X(16, EVENT_CONTACT_RECORDED, "contact_recorded")                                                                  \
    X(17, EVENT_OPT_IN_LETTER_SENT, "opt_in_letter_sent")                                                              \
    X(18, EVENT_HANDED_BACK, "handed_back")                                                                            \
    X(19, EVENT_REVIEW_RECORDED, "review_recorded")                                                                    \
    X(20, EVENT_REVIEW_RECOMMENDED, "review_recommended")                                                              \
    X(21, EVENT_RECOMMENDATION_CONFIRMED, "recommendation_confirmed")                                                  \
    X(22, EVENT_RECOMMENDATION_OVERRIDDEN, "recommendation_overridden")                                                \
    X(23, EVENT_HANDOVER_PROPOSED, "handover_proposed")                                                                \
    X(24, EVENT_HANDOVER_ACCEPTED, "handover_accepted")                                                                \
    X(25, EVENT_HANDOVER_DECLINED, "handover_declined")                                                                \
    X(26, EVENT_HANDOVER_OVERDUE, "handover_overdue")                                                                  \
    X(27, EVENT_NOTE_ADDED, "note_added")                                                                              \
    X(28, EVENT_REOPENED, "reopened")                                                                                  \
    X(29, EVENT_POSSIBLE_DUPLICATE_FOUND, "possible_duplicate_found")                                                  \
    X(30, EVENT_TRIAGE_RETRIED, "triage_retried")                                                                      \
    X(31, EVENT_TIER_PAUSED, "tier_paused")                                                                            \
    X(32, EVENT_TIER_RESUMED, "tier_resumed")                                                                          \
    X(33, EVENT_REVIEW_FAILED, "review_failed")                                                                        \
    X(34, EVENT_HOLD_ADDED, "hold_added")                                                                              \
    X(35, EVENT_PATHWAY_ADOPTED, "pathway_adopted")                                                                    \
    X(36, EVENT_DUPLICATE_JUDGED, "duplicate_judged")

#define STEPCARE_CODE_ENUM(number, NAME, name) STEPCARE_##NAME = number,
enum stepcare_tier { STEPCARE_TIER_NONE, STEPCARE_TIERS(STEPCARE_CODE_ENUM) STEPCARE_TIER_COUNT };
enum stepcare_service { STEPCARE_SERVICE_NONE, STEPCARE_SERVICES(STEPCARE_CODE_ENUM) STEPCARE_SERVICE_COUNT };
enum stepcare_urgency { STEPCARE_URGENCY_NONE, STEPCARE_URGENCIES(STEPCARE_CODE_ENUM) STEPCARE_URGENCY_COUNT };
enum stepcare_hold { STEPCARE_HOLD_NONE, STEPCARE_HOLDS(STEPCARE_CODE_ENUM) STEPCARE_HOLD_COUNT };
enum stepcare_source { STEPCARE_SOURCE_NONE, STEPCARE_SOURCES(STEPCARE_CODE_ENUM) STEPCARE_SOURCE_COUNT };
enum stepcare_problem { STEPCARE_PROBLEM_NONE, STEPCARE_PROBLEMS(STEPCARE_CODE_ENUM) STEPCARE_PROBLEM_COUNT };
enum stepcare_red_flag { STEPCARE_FLAG_NONE, STEPCARE_RED_FLAGS(STEPCARE_CODE_ENUM) STEPCARE_FLAG_COUNT };
enum stepcare_finding { STEPCARE_FINDING_NONE, STEPCARE_FINDINGS(STEPCARE_CODE_ENUM) STEPCARE_FINDING_COUNT };
enum stepcare_history { STEPCARE_HISTORY_NONE, STEPCARE_HISTORIES(STEPCARE_CODE_ENUM) STEPCARE_HISTORY_COUNT };
enum stepcare_preference {
    STEPCARE_PREFERENCE_NONE,
    STEPCARE_PREFERENCES(STEPCARE_CODE_ENUM) STEPCARE_PREFERENCE_COUNT
};
enum stepcare_axspa_feature { STEPCARE_AXSPA_NONE, STEPCARE_AXSPA_FEATURES(STEPCARE_CODE_ENUM) STEPCARE_AXSPA_COUNT };
enum stepcare_hla_b27 { STEPCARE_HLA_B27_NONE, STEPCARE_HLA_B27S(STEPCARE_CODE_ENUM) STEPCARE_HLA_B27_COUNT };
enum stepcare_risk { STEPCARE_RISK_NONE, STEPCARE_RISKS(STEPCARE_CODE_ENUM) STEPCARE_RISK_COUNT };
enum stepcare_outcome { STEPCARE_OUTCOME_NONE, STEPCARE_OUTCOMES(STEPCARE_CODE_ENUM) STEPCARE_OUTCOME_COUNT };
enum stepcare_state { STEPCARE_STATE_NONE, STEPCARE_STATES(STEPCARE_CODE_ENUM) STEPCARE_STATE_COUNT };
enum stepcare_next_action { STEPCARE_NEXT_NONE, STEPCARE_NEXT_ACTIONS(STEPCARE_CODE_ENUM) STEPCARE_NEXT_COUNT };
enum stepcare_kind { STEPCARE_KIND_NONE, STEPCARE_KINDS(STEPCARE_CODE_ENUM) STEPCARE_KIND_COUNT };
enum stepcare_action { STEPCARE_ACTION_NONE, STEPCARE_ACTIONS(STEPCARE_CODE_ENUM) STEPCARE_ACTION_COUNT };
enum stepcare_treatment_outcome {
    STEPCARE_TREATMENT_NONE,
    STEPCARE_TREATMENT_OUTCOMES(STEPCARE_CODE_ENUM) STEPCARE_TREATMENT_COUNT
};
enum stepcare_contact_outcome {
    STEPCARE_CONTACT_NONE,
    STEPCARE_CONTACT_OUTCOMES(STEPCARE_CODE_ENUM) STEPCARE_CONTACT_COUNT
};
enum stepcare_channel { STEPCARE_CHANNEL_NONE, STEPCARE_CHANNELS(STEPCARE_CODE_ENUM) STEPCARE_CHANNEL_COUNT };
enum stepcare_handover_phase {
    STEPCARE_HANDOVER_NONE,
    STEPCARE_HANDOVER_PHASES(STEPCARE_CODE_ENUM) STEPCARE_HANDOVER_COUNT
};
enum stepcare_role { STEPCARE_ROLE_NONE, STEPCARE_ROLES(STEPCARE_CODE_ENUM) STEPCARE_ROLE_COUNT };
enum stepcare_event_type { STEPCARE_EVENT_NONE, STEPCARE_EVENTS(STEPCARE_CODE_ENUM) STEPCARE_EVENT_COUNT };
#undef STEPCARE_CODE_ENUM

/* One closed set: names[0] is NULL ("none"), names[1..count-1] are the wire names; noun is for error texts ("tier"). */
struct stepcare_codeset {
    const char *noun;
    const char *const *names;
    unsigned count; /* highest number + 1 */
};

extern const struct stepcare_codeset stepcare_tiers, stepcare_services, stepcare_urgencies, stepcare_holds,
    stepcare_sources, stepcare_problems, stepcare_red_flags, stepcare_findings, stepcare_histories,
    stepcare_preferences, stepcare_axspa_features, stepcare_hla_b27s, stepcare_risks, stepcare_outcomes,
    stepcare_states, stepcare_next_actions, stepcare_kinds, stepcare_actions, stepcare_treatment_outcomes,
    stepcare_contact_outcomes, stepcare_channels, stepcare_handover_phases, stepcare_roles, stepcare_events;

/* Purpose: the wire name of a number, and the number of a name.
 * Errors: code_name gives NULL for 0 and for numbers outside the set; code_parse gives 0 for an unknown name.
 * Owns: static text. Calls: any thread. */
const char *stepcare_code_name(const struct stepcare_codeset *set, unsigned number);
unsigned stepcare_code_parse(const struct stepcare_codeset *set, const char *name, size_t bytes);

/* The bit that stands for a number in a mask of its set. */
#define STEPCARE_BIT(number) (UINT32_C(1) << ((unsigned)(number)-1U))

#endif
