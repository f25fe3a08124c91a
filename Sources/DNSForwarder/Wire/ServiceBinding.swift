public import DNSPolicy
public import Model

/// The data of an SVCB or HTTPS record (RFC 9460 2.2).
public struct ServiceBinding: Hashable, Sendable {
    /// A parameter: its key and its value in wire form.
    public struct Parameter: Hashable, Sendable {
        /// The key.
        public let key: Key
        /// The value in the wire form of the key.
        public let value: [UInt8]

        /// A parameter of raw data.
        public init(key: Key, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// The number of a parameter (RFC 9460 14.3.2).
    public struct Key: RawRepresentable, Hashable, Sendable {
        /// The number on the wire.
        public let rawValue: UInt16

        /// The key of that number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The keys a client must understand to use the record.
        public static let mandatory = Key(rawValue: 0)
        /// Addresses of IPv4 that save a query.
        public static let ipv4Hint = Key(rawValue: 4)
        /// Addresses of IPv6 that save a query.
        public static let ipv6Hint = Key(rawValue: 6)
    }

    /// 0 in an alias of `target`, else the lower the better.
    public let priority: UInt16
    /// The host of the service; the root stands for the owner of the record, or in an alias for no service.
    public let target: DomainName
    /// The parameters by ascending key, no key twice.
    public let parameters: [Parameter]

    /// Reads uncompressed data; nil when it is cut off, when keys don't ascend, or when a list of addresses or of
    /// mandatory keys is empty or has a rest (RFC 9460 2.2, 7.3, 8).
    public init?(data: [UInt8]) {
        let span = data.span
        var cursor = WireCursor(span)
        guard let priority = try? cursor.uint16(in: span), let target = cursor.uncompressedName(in: span) else {
            return nil
        }
        var parameters: [Parameter] = []
        while cursor.remaining > 0 {
            guard let key = try? cursor.uint16(in: span), let length = try? cursor.uint16(in: span),
                let part = try? cursor.part(length: Int(length))
            else { return nil }
            let parameter = Parameter(key: Key(rawValue: key), value: part.rest(of: span))
            if let last = parameters.last, last.key.rawValue >= key { return nil }
            guard parameter.isWellFormed else { return nil }
            parameters.append(parameter)
        }
        self.init(priority: priority, target: target, parameters: parameters)
    }

    /// A binding of these fields; the parameters' keys must ascend.
    public init(priority: UInt16, target: DomainName, parameters: [Parameter]) {
        self.priority = priority
        self.target = target
        self.parameters = parameters
    }

    /// The data in wire form.
    public var data: [UInt8] {
        var data: [UInt8] = []
        data.append(uint16: priority)
        data += target.octets
        for parameter in parameters {
            data.append(uint16: parameter.key.rawValue)
            data.append(uint16: UInt16(clamping: parameter.value.count))
            data += parameter.value
        }
        return data
    }
}

extension ServiceBinding {
    /// The addresses of both hints, those of IPv4 first. Those of IPv6 may be IPv4-mapped.
    public var hints: [IPAddress] { addresses(.ipv4Hint, size: 4) + addresses(.ipv6Hint, size: 16) }

    /// The binding without some parameters, which are no longer mandatory either.
    public func removing(_ keys: Set<Key>) -> ServiceBinding {
        let kept = parameters.compactMap { parameter -> Parameter? in
            if keys.contains(parameter.key) { return nil }
            guard parameter.key == .mandatory else { return parameter }
            var value: [UInt8] = []
            for index in stride(from: 0, to: parameter.value.count - 1, by: 2) {
                let key = UInt16(parameter.value[index]) << 8 | UInt16(parameter.value[index + 1])
                if !keys.contains(Key(rawValue: key)) { value.append(uint16: key) }
            }
            return value.isEmpty ? nil : Parameter(key: .mandatory, value: value)
        }
        return ServiceBinding(priority: priority, target: target, parameters: kept)
    }

    private func addresses(_ key: Key, size: Int) -> [IPAddress] {
        guard let value = parameters.first(where: { $0.key == key })?.value else { return [] }
        return stride(from: 0, to: value.count - size + 1, by: size).compactMap {
            IPAddress(bytes: value[$0..<$0 + size])
        }
    }
}

extension ServiceBinding.Parameter {
    fileprivate var isWellFormed: Bool {
        switch key {
        case .mandatory: !value.isEmpty && value.count % 2 == 0
        case .ipv4Hint: !value.isEmpty && value.count % 4 == 0
        case .ipv6Hint: !value.isEmpty && value.count % 16 == 0
        default: true
        }
    }
}
