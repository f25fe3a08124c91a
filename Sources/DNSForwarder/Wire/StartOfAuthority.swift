public import DNSPolicy

/// The data of an SOA record (RFC 1035 3.3.13). Times are in seconds.
public struct StartOfAuthority: Hashable, Sendable {
    /// The zone's primary server.
    public var primary: DomainName
    /// The mailbox of who is responsible, with a dot in the place of `@`.
    public var mailbox: DomainName
    /// The version of the zone.
    public var serial: UInt32
    /// After how long a secondary looks for a new version.
    public var refresh: UInt32
    /// After how long it looks again when that failed.
    public var retry: UInt32
    /// After how long it gives up the zone.
    public var expire: UInt32
    /// The longest time a negative answer may be kept (RFC 2308 4).
    public var minimum: UInt32

    /// The fields of an SOA record.
    public init(
        primary: DomainName, mailbox: DomainName, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
        minimum: UInt32
    ) {
        self.primary = primary
        self.mailbox = mailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }

    /// Reads uncompressed data; nil when it isn't two names and five numbers.
    public init?(data: [UInt8]) {
        let span = data.span
        var cursor = WireCursor(span)
        guard let primary = cursor.uncompressedName(in: span), let mailbox = cursor.uncompressedName(in: span),
            cursor.remaining == 20
        else { return nil }
        let start = cursor.offset
        self.init(
            primary: primary, mailbox: mailbox, serial: span.uint32(at: start), refresh: span.uint32(at: start + 4),
            retry: span.uint32(at: start + 8), expire: span.uint32(at: start + 12), minimum: span.uint32(at: start + 16)
        )
    }

    /// The data in wire form.
    public var data: [UInt8] {
        var data = primary.octets + mailbox.octets
        for value in [serial, refresh, retry, expire, minimum] { data.append(uint32: value) }
        return data
    }
}
