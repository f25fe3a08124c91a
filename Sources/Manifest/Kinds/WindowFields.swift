import Model

/// The fields of an element of `windows` of the settings.
enum WindowFields {
    /// What stands there before its fields are read.
    static let initial = ChangeWindow(.allow, .always, duration: .seconds(60))

    static let table = FieldTable<ChangeWindow> {
        Field(
            "action", .word, "Whether new revisions are taken while it is open, or none is: deny wins.", required: true,
            \.action)
        Field(
            "cron", .cron,
            "When it begins: minute, hour, day of the month, month, day of the week; either day if both are restricted.",
            required: true, \.schedule)
        Field(
            "duration", .duration(ChangeWindow.durations, "of 1 minute to 7 days"), "How long it lasts.",
            required: true, \.duration)
        Field("time_zone", .timeZone, "On whose clock it begins.", default: .string("UTC"), \.timeZone)
    }
}
