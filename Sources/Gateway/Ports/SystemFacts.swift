/// What the process of the gateway uses of its host.
public struct SystemFacts: Sendable, Hashable {
    /// The processor time it took, in hundredths of a second.
    public var processorCentiseconds: Int64
    /// The memory it holds, in bytes.
    public var residentBytes: Int64
    /// How long it runs, in seconds.
    public var uptimeSeconds: Int64
    /// Its databases, by name.
    public var databases: [Database]

    /// Facts.
    public init(
        processorCentiseconds: Int64 = 0, residentBytes: Int64 = 0, uptimeSeconds: Int64 = 0, databases: [Database] = []
    ) {
        self.processorCentiseconds = processorCentiseconds
        self.residentBytes = residentBytes
        self.uptimeSeconds = uptimeSeconds
        self.databases = databases
    }

    /// A database.
    public struct Database: Sendable, Hashable {
        /// `wirebuddy`, `history` or `telemetry`.
        public var name: String
        /// What its files take on the disk.
        public var bytes: Int64

        /// A database.
        public init(name: String, bytes: Int64) {
            self.name = name
            self.bytes = bytes
        }
    }
}
