import Model

extension FieldType where Value == CronSchedule {
    /// When something begins, as in crontab(5).
    static var cron: FieldType {
        FieldType(
            string: "cron",
            allowed: "minute, hour, day of the month, month, day of the week as in crontab(5), such as \"0 22 * * 5\"",
            hint: { text in
                do throws(CronFailure) {
                    _ = try CronSchedule(text)
                    return nil
                } catch {
                    return Printable.escaped(error.description)
                }
            }
        ) { try? CronSchedule($0) }
    }
}

extension FieldType where Value == TimeZoneRules {
    /// A time zone that the host knows.
    static var timeZone: FieldType {
        FieldType(
            string: "time-zone", allowed: "a time zone of the IANA database, such as Europe/Vienna",
            hint: { _ in
                ZoneDatabase.isMissing
                    ? "\(ZoneDatabase.directory) is missing: install the package tzdata; UTC needs none" : nil
            },
            text: { $0.name }
        ) { ZoneDatabase.rules(of: $0) }
    }
}
