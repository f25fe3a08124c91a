/* The part of RE2 (https://github.com/google/re2) that DNS rules need, for C. Nothing throws. */
#ifndef CRE2_H
#define CRE2_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Patterns that are searched for together, in one pass over the text. */
typedef struct cre2_set cre2_set;

/* An empty set. Letters of both cases are equal; texts are bytes. */
cre2_set *cre2_set_new(void);

/* Adds a pattern: its number (from 0), or -1 with the reason in `reason` (cut to `capacity` bytes, zero included). */
int cre2_set_add(cre2_set *set, const char *pattern, size_t length, char *reason, size_t capacity);

/* Ends adding; 0 if the set would take more memory than it may. */
int cre2_set_compile(cre2_set *set);

/* Writes the numbers of the patterns that are found in the text, ascending, up to `capacity` of them.
   Returns how many are found. Safe from several threads. */
size_t cre2_set_match(const cre2_set *set, const char *text, size_t length, int *found, size_t capacity);

void cre2_set_delete(cre2_set *set);

#ifdef __cplusplus
}
#endif
#endif
