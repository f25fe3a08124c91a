#include "CRE2.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

struct cre2_set {
    re2::RE2::Set set;
    std::vector<std::string> patterns;
};

static re2::RE2::Options options() {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_case_sensitive(false);
    options.set_never_capture(true);
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    return options;
}

cre2_set *cre2_set_new(void) { return new cre2_set{re2::RE2::Set(options(), re2::RE2::UNANCHORED), {}}; }

int cre2_set_add(cre2_set *set, const char *pattern, size_t length, char *reason, size_t capacity) {
    std::string error;
    int number = set->set.Add(re2::StringPiece(pattern, length), &error);
    if (number < 0 && capacity > 0) {
        size_t count = std::min(error.size(), capacity - 1);
        std::memcpy(reason, error.data(), count);
        reason[count] = 0;
    }
    if (number >= 0) set->patterns.emplace_back(pattern, length);
    return number;
}

int cre2_set_compile(cre2_set *set) { return set->set.Compile(); }

size_t cre2_set_match(const cre2_set *set, const char *text, size_t length, int *found, size_t capacity) {
    std::vector<int> numbers;
    re2::RE2::Set::ErrorInfo error{};
    re2::StringPiece subject(text, length);
    if (!set->set.Match(subject, &numbers, &error)) {
        if (error.kind == re2::RE2::Set::kNoError) return 0;
        // The automaton of all patterns outgrew its memory: one by one they have a way that needs none.
        for (size_t number = 0; number < set->patterns.size(); ++number) {
            if (re2::RE2::PartialMatch(subject, re2::RE2(set->patterns[number], options()))) {
                numbers.push_back(static_cast<int>(number));
            }
        }
    }
    std::sort(numbers.begin(), numbers.end());
    std::copy_n(numbers.begin(), std::min(numbers.size(), capacity), found);
    return numbers.size();
}

void cre2_set_delete(cre2_set *set) { delete set; }
