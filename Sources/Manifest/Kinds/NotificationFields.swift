import Model

/// The fields of an element of `notifications` of the settings.
enum NotificationFields {
    static let table = FieldTable<Settings.Notification> {
        Field(
            "url", .receiverAddress,
            "Where messages are posted to. Its path and query may hold a token: only scheme and host are ever shown.",
            required: true, secret: true, \.url)
        Field(
            "kinds", .list("notification-kind", of: .word, "kinds"),
            "What is told: drift, pass-failed, revision-failed, revocation-failed, summary; none: everything.",
            default: .array([]), \.kinds)
        Field(
            "secret", .secret,
            "The key that messages are signed with (HMAC-SHA256): 44 characters of base64 as `wg genpsk` prints.",
            secret: true, \.secret)
        Field(
            "window", .duration(0...604_800, "of 0 seconds to 7 days"),
            "Equal messages within this time are sent once.", default: .string("1h"), \.window)
        Field(
            "at", .timeOfDay, "When the summary of the day is sent, in UTC.", default: .string("07:00"), \.at)
        Field(
            "always", .boolean, "Whether the summary is sent on days without anything to say too.",
            default: .boolean(false), \.always)
    }
}
