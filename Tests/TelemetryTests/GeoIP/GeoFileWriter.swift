import Model

/// Writes a database in MaxMind's format, version 2.0, with records of 24 bits.
///
/// <https://maxmind.github.io/MaxMind-DB/>
struct GeoFileWriter {
    var type = "Test-Country"
    var built: UInt64 = 1_700_000_000
    /// 6: IPv4 addresses lie below `::/96`.
    var ipVersion: UInt16 = 6
    var entries: [(network: String, value: GeoFileValue)] = []

    private enum Record {
        case empty
        case node(Int)
        case data(Int)
    }

    /// The file.
    func bytes() -> [UInt8] {
        var data: [UInt8] = []
        var nodes: [(Record, Record)] = [(.empty, .empty)]
        let networks = entries.map { (network: Prefix($0.network), value: $0.value) }
            .sorted { ($0.network?.length ?? 0) < ($1.network?.length ?? 0) }
        for (network, value) in networks {
            guard let network else { preconditionFailure("a network of a test is one") }
            let offset = data.count
            encode(value, to: &data)
            insert(bits(of: network), .data(offset), into: &nodes)
        }
        var file: [UInt8] = []
        for (left, right) in nodes {
            for record in [left, right] {
                let number =
                    switch record {
                    case .empty: nodes.count
                    case .node(let index): index
                    case .data(let offset): nodes.count + 16 + offset
                    }
                file += [UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
            }
        }
        file += [UInt8](repeating: 0, count: 16)
        file += data
        file += [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        encode(
            .map([
                ("binary_format_major_version", .short(2)), ("binary_format_minor_version", .short(0)),
                ("build_epoch", .long(built)), ("database_type", .text(type)),
                ("description", .map([("en", .text("a test"))])), ("ip_version", .short(ipVersion)),
                ("languages", .list([.text("en")])), ("node_count", .number(UInt32(nodes.count))),
                ("record_size", .short(24)),
            ]), to: &file)
        return file
    }

    private func bits(of network: Prefix) -> [Bool] {
        let all = network.address.bytes.flatMap { byte -> [Bool] in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
        let own = Array(all.prefix(network.length))
        return network.family == .ipv4 && ipVersion == 6 ? Array(repeating: false, count: 96) + own : own
    }

    /// Networks come from the widest to the narrowest, so a narrower one splits what stands there.
    private func insert(_ bits: [Bool], _ record: Record, into nodes: inout [(Record, Record)]) {
        var node = 0
        for (index, bit) in bits.enumerated() {
            let present = bit ? nodes[node].1 : nodes[node].0
            var next = record
            if index + 1 < bits.count {
                if case .node(let number) = present {
                    node = number
                    continue
                }
                nodes.append((present, present))
                next = .node(nodes.count - 1)
            }
            if bit { nodes[node].1 = next } else { nodes[node].0 = next }
            if case .node(let number) = next { node = number }
        }
    }

    private func encode(_ value: GeoFileValue, to output: inout [UInt8]) {
        switch value {
        case .text(let text):
            control(2, size: text.utf8.count, to: &output)
            output += Array(text.utf8)
        case .map(let pairs):
            control(7, size: pairs.count, to: &output)
            for (key, value) in pairs {
                encode(.text(key), to: &output)
                encode(value, to: &output)
            }
        case .list(let values):
            control(11, size: values.count, to: &output)
            for value in values { encode(value, to: &output) }
        case .short(let number): integer(5, UInt64(number), to: &output)
        case .number(let number): integer(6, UInt64(number), to: &output)
        case .long(let number): integer(9, number, to: &output)
        }
    }

    /// Numbers are written without leading zeros.
    private func integer(_ type: UInt8, _ number: UInt64, to output: inout [UInt8]) {
        let octets = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }.drop { $0 == 0 }
        control(type, size: octets.count, to: &output)
        output += octets
    }

    private func control(_ type: UInt8, size: Int, to output: inout [UInt8]) {
        let short = UInt8(size < 29 ? size : size < 285 ? 29 : 30)
        output.append((type < 8 ? type << 5 : 0) | short)
        if type >= 8 { output.append(type - 7) }
        if size >= 285 {
            output += [UInt8((size - 285) >> 8), UInt8((size - 285) & 0xFF)]
        } else if size >= 29 {
            output.append(UInt8(size - 29))
        }
    }
}
