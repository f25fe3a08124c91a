/// Which records were shown already, so that each is shown once though all are read again.
struct SeenRecords {
    private var seen: [GatewayRecord: Int] = [:]

    /// The records of `records` that were not among those before. Equal ones are told apart by how many there are.
    mutating func new(in records: [GatewayRecord]) -> [GatewayRecord] {
        var counts: [GatewayRecord: Int] = [:]
        var new: [GatewayRecord] = []
        for record in records {
            counts[record, default: 0] += 1
            if counts[record, default: 0] > seen[record, default: 0] { new.append(record) }
        }
        seen = counts
        return new
    }
}
