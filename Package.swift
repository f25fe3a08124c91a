// swift-tools-version: 6.2
import PackageDescription

// The targets and the direction of their dependencies: bytes ← domain ← loop ← surface. Tests check these edges.
let package = Package(
    name: "wirebuddy",
    products: [.executable(name: "wirebuddy", targets: ["wirebuddy"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // C libraries: each is imported by exactly one Swift target.
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CLibMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
        .systemLibrary(name: "CLibQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CLibIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(
            name: "CLibMaxMindDB", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
        .systemLibrary(name: "CLibC"),
        .systemLibrary(name: "CMemoryFile"),
        // RE2 is C++ and has no interface for C, so this one is a target with a little code.
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        // recvmmsg(2) and its like, which Glibc's module does not show.
        .target(name: "CSocket"),

        .target(name: "Model"),
        .target(name: "Manifest", dependencies: ["Model", "CLibYAML"]),
        .target(name: "Credentials", dependencies: ["Model", "CLibSodium"]),
        .target(name: "Profile", dependencies: ["Model", "CLibQREncode", "CLibPNG"]),
        .target(name: "Netlink", dependencies: ["CLibMnl"]),
        .target(
            name: "Reconciler",
            dependencies: [
                "Model",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Programs",
            dependencies: ["CMemoryFile", .product(name: "Subprocess", package: "swift-subprocess")]),
        .target(
            name: "Kernel",
            dependencies: [
                "Model", "Reconciler", "Netlink", "Programs", "CLibC",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .target(
            name: "Database",
            dependencies: [
                "Model", "Reconciler", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Repository",
            dependencies: [
                "Model", "Manifest", "Programs", "Reconciler",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .target(
            name: "Fetch",
            dependencies: [
                "Model",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .target(name: "DNSPolicy", dependencies: ["Model", "CRE2", "CLibIDN2"]),
        .target(
            name: "DNSForwarder",
            dependencies: [
                "Model", "DNSPolicy", "CSocket",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Telemetry",
            dependencies: [
                "Model", "Netlink", "CLibMaxMindDB",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Gateway",
            dependencies: [
                "Model", "Manifest", "Credentials", "Profile", "Reconciler",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "API",
            dependencies: [
                "Model", "Manifest", "Reconciler", "Gateway",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Pages"]),
        .executableTarget(
            name: "wirebuddy",
            dependencies: [
                "Model", "Manifest", "Credentials", "Profile", "Netlink", "Programs", "Reconciler", "Kernel",
                "Database",
                "Repository", "DNSPolicy", "DNSForwarder", "Fetch", "Telemetry", "Gateway", "API",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        .testTarget(
            name: "ProgramsTests",
            dependencies: ["Programs", .product(name: "Subprocess", package: "swift-subprocess")]),
        .testTarget(name: "ModelTests", dependencies: ["Model"]),
        .testTarget(name: "ManifestTests", dependencies: ["Manifest", "Model"], exclude: ["Corpus"]),
        .testTarget(name: "CredentialsTests", dependencies: ["Credentials", "Model"]),
        .testTarget(name: "ProfileTests", dependencies: ["Profile", "Model"]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Model", "Manifest", "Credentials", "Profile", "Reconciler", "Repository", "Database",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "Gateway", "Model", "Manifest", "Reconciler", "Repository", "Database", "Credentials",
                "wirebuddy",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(name: "FetchTests", dependencies: ["Fetch", "ListServer", "Model"]),
        .testTarget(name: "DNSPolicyTests", dependencies: ["DNSPolicy", "Model"]),
        .testTarget(
            name: "DNSForwarderTests",
            dependencies: [
                "DNSForwarder", "DNSPolicy", "Fetch", "ListServer", "Credentials", "Model",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(name: "NetlinkTests", dependencies: ["Netlink"]),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Telemetry", "Netlink", "Model", .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "ReconcilerTests",
            dependencies: [
                "Reconciler", "Model", "Manifest", "Credentials", .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Cases", "Report/Goldens"]),
        .testTarget(name: "KernelTests", dependencies: ["Kernel", "Reconciler", "Model", "Netlink"]),
        .testTarget(
            name: "DatabaseTests",
            dependencies: [
                "Database", "Reconciler", "Model", "Credentials", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "RepositoryTests", dependencies: ["Repository", "Manifest", "Reconciler", "Model"]),
        .testTarget(
            name: "WireBuddyTests",
            dependencies: [
                "wirebuddy", "Manifest", "Reconciler", "Model", "Gateway", "Database", "Credentials",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Plot/Goldens"]),
        .testTarget(name: "HouseTests"),
        // A writer for the crash test and the benchmark of the repository; no product.
        .executableTarget(
            name: "RepositoryLoad", dependencies: ["Repository", "Manifest", "Model"], path: "Tests/RepositoryLoad"),
        // A writer for the figures of the query log; no product.
        .executableTarget(
            name: "QueryLogLoad",
            dependencies: ["Database", "Model", .product(name: "Logging", package: "swift-log")],
            path: "Tests/QueryLogLoad"),
        // A writer for the figures of telemetry; no product.
        .executableTarget(
            name: "TelemetryLoad",
            dependencies: ["Database", "Model", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TelemetryLoad"),
        // Servers of lists that do what they should not, for tests; no product.
        .target(name: "ListServer", path: "Tests/ListServer", exclude: ["server.py"]),
        // What the benchmark of the API is compared with; no product.
        .executableTarget(
            name: "StaticServer", dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Tests/StaticServer"),
        // The forwarder alone, which the benchmark of DNS compares with other servers; no product.
        .executableTarget(
            name: "DNSServer",
            dependencies: [
                "DNSForwarder", "DNSPolicy", "Database", "Credentials", "Model",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/DNSServer"),
    ],
    cxxLanguageStandard: .cxx17
)

/// Settings of every Swift target: Swift 6 mode (from the tools version), all upcoming features, strict memory safety.
/// Warnings are errors in our own checks (`WIREBUDDY_STRICT`, set by `make`), never for users of the package.
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .strictMemorySafety(),
    ] + (Context.environment["WIREBUDDY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
