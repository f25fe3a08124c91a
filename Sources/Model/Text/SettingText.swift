/// Values of settings as documents write them, in their shortest form.
public enum SettingText {
    /// A whole number of seconds: `90s`, `5m`, `12h`, `1d`.
    public static func of(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, letter) in [(86400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)] {
            if seconds != 0, seconds % unit == 0 { return "\(seconds / unit)\(letter)" }
        }
        return "\(seconds)s"
    }

    /// A whole number of megabytes: `500MB`, `2GB`, in powers of 1000.
    public static func of(bytes: Int64) -> String {
        bytes % 1_000_000_000 == 0 ? "\(bytes / 1_000_000_000)GB" : "\(bytes / 1_000_000)MB"
    }
}
