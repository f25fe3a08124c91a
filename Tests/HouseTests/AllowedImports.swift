/// What each target may depend on: bytes ← domain ← loop ← surface, and no arrow back.
///
/// A new target or a new arrow is added here on purpose, never by accident.
enum AllowedImports {
    /// Modules that come with Swift and do no I/O.
    static let standard: Set<String> = ["Swift", "Synchronization"]
    /// What every target but `Model` and `Netlink` may import besides.
    static let common: Set<String> = ["FoundationEssentials", "Glibc", "Logging"]

    static let table: [String: Set<String>] = [
        "Model": [],
        "Manifest": ["Model", "CLibYAML"],
        // Dispatch: the thread of passwords.
        "Credentials": ["Model", "CLibSodium", "Dispatch"],
        "Profile": ["Model", "CLibQREncode", "CLibPNG"],
        "Netlink": ["CLibMnl", "Glibc"],
        "Reconciler": ["Model", "ServiceLifecycle"],
        "Programs": ["CMemoryFile", "Subprocess"],
        "Kernel": ["Model", "Reconciler", "Netlink", "Programs", "CLibC", "Subprocess"],
        "Database": ["Model", "Reconciler", "GRDB"],
        // Dispatch: a queue for blocking reads and the inotify descriptor.
        "Repository": ["Model", "Manifest", "Programs", "Reconciler", "Subprocess", "Dispatch"],
        "RepositoryLoad": ["Model", "Manifest", "Repository"],
        "QueryLogLoad": ["Model", "Database"],
        "TelemetryLoad": ["Model", "Database"],
        "StaticServer": ["Hummingbird"],
        "ListServer": [],
        // Dispatch: a thread for standard input.
        "DNSServer": [
            "Model", "DNSPolicy", "DNSForwarder", "Database", "Credentials", "ArgumentParser", "NIOCore", "NIOPosix",
            "Dispatch",
        ],
        "CRE2": [],
        // Dispatch: a thread for look-ups of names.
        "Fetch": ["Model", "Dispatch", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOHTTPCompression", "NIOSSL"],
        "CSocket": [],
        "DNSPolicy": ["Model", "CRE2", "CLibIDN2"],
        "DNSForwarder": ["Model", "DNSPolicy", "CSocket", "NIOCore", "NIOPosix", "NIOSSL", "ServiceLifecycle"],
        "Telemetry": ["Model", "Netlink", "CLibMaxMindDB"],
        "Gateway": ["Model", "Manifest", "Credentials", "Profile", "Reconciler"],
        // CDispatch: the module that `struct stat` counts to beside Hummingbird.
        "API": [
            "Model", "Manifest", "Reconciler", "Gateway", "HTTPTypes", "Hummingbird", "HummingbirdCore", "NIOCore",
            "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOSSL", "ServiceLifecycle",
            "CDispatch",
        ],
        "wirebuddy": [
            "Model", "Manifest", "Credentials", "Profile", "Netlink", "Programs", "Reconciler", "Kernel", "Database",
            "Repository", "DNSPolicy", "DNSForwarder", "Fetch", "Telemetry", "Gateway", "API",
            "ArgumentParser", "ServiceLifecycle", "UnixSignals", "Subprocess", "Dispatch",
        ],
    ]

    /// What `target` may import, or nil if the table does not know it.
    static func of(_ target: String) -> Set<String>? {
        guard let own = table[target] else { return nil }
        return ["Model", "Netlink"].contains(target) ? own.union(standard) : own.union(standard).union(common)
    }
}
