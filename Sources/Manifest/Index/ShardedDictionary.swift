/// A dictionary in 256 pieces: changing one entry copies one piece at most, so that whoever holds an older value of a
/// tree with 10,000 files makes a write only microseconds slower.
struct ShardedDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var shards = [[Key: Value]](repeating: [:], count: 256)

    subscript(key: Key) -> Value? {
        get { shards[shard(key)][key] }
        _modify { yield &shards[shard(key)][key] }
    }

    subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { shards[shard(key)][key] ?? value() }
        _modify { yield &shards[shard(key)][key, default: value()] }
    }

    private func shard(_ key: Key) -> Int { key.hashValue & 255 }
}
