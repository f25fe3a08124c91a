import Model

/// When the last backup of a state directory was made, as `wirebuddy backup` notes it there for `wirebuddy doctor`.
enum LastBackup {
    static let name = "last-backup"

    /// - Throws: ``CommandFailure`` when it can't be written.
    static func note(_ time: Timestamp, state: String) throws(CommandFailure) {
        try TextFile.replace("\(state)/\(name)", with: "\(time)\n", mode: 0o600)
    }

    /// Nil: none was noted.
    static func time(state: String) -> Timestamp? {
        SmallFile.text("\(state)/\(name)").flatMap { text in
            Timestamp(String(text.prefix { $0 != "\n" }))
        }
    }
}
