import GRDB
import Model

extension TrafficWriter {
    /// The oldest samples whose sums are stored, by their ids.
    func oldestSamples(_ count: Int, _ db: Database) throws -> [(id: Int64, time: Timestamp)] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT id, time FROM traffic_sample WHERE id < ? ORDER BY id LIMIT ?"),
            arguments: [state.through, count]
        ).map { (try $0.value(0, in: 1...1 << 60), Timestamp(seconds: try $0.value(1, in: SampleBytes.times))) }
    }

    /// Deletes the samples up to one, with it.
    func deleteSamples(through id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM traffic_sample WHERE id <= ?").execute(arguments: [id])
    }
}
