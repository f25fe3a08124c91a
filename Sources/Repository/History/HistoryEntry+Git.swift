import Model

extension HistoryEntry {
    /// The fields of `git log -z` in this order, each ended by NUL.
    static let format =
        "--format=%H%x00%ct%x00%an%x00%ae%x00%(trailers:key=Via,valueonly,separator=%x2C)%x00"
        + "%(trailers:key=Rollback-To,valueonly,separator=%x2C)%x00%s"
    static let fields = 7

    init?(_ fields: some Collection<Substring>) {
        let fields = Array(fields)
        guard fields.count == Self.fields, let seconds = Int64(fields[1]) else { return nil }
        self.init(
            revision: String(fields[0]), at: Timestamp(seconds: seconds), author: String(fields[2]),
            email: String(fields[3]), via: fields[4].isEmpty ? nil : String(fields[4]),
            rollbackTo: fields[5].isEmpty ? nil : String(fields[5]), subject: String(fields[6]))
    }
}
