// swift-tools-version: 6.2
import PackageDescription

// A package of its own: `swift build --sanitize=fuzzer` links a main of libFuzzer, which no other executable can have.
// The links below Sources lead to the sources and checks of the project, so that nothing but them is built.
let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CLibMnl", pkgConfig: "libmnl"),
        .systemLibrary(name: "CLibIDN2", pkgConfig: "libidn2"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "Model"),
        .target(name: "Manifest", dependencies: ["Model", "CLibYAML"]),
        .target(name: "Netlink", dependencies: ["CLibMnl"]),
        .target(name: "DNSPolicy", dependencies: ["Model", "CRE2", "CLibIDN2"]),
        // The JSON of nftables has a value of its own, named as that of Model.
        .target(name: "NftablesJSON", dependencies: ["Model"]),
        // What the targets share.
        .target(name: "Fuzzing"),

        .executableTarget(name: "parse-and-edit", dependencies: ["Manifest", "Model"]),
        .executableTarget(name: "read-manifests", dependencies: ["DNSPolicy", "Fuzzing", "Manifest", "Model"]),
        .executableTarget(name: "read-bodies", dependencies: ["Fuzzing", "Manifest", "Model"]),
        .executableTarget(
            name: "read-answers", dependencies: ["DNSPolicy", "Fuzzing", "Manifest", "Model", "NftablesJSON"]),
        .executableTarget(name: "read-lists", dependencies: ["DNSPolicy", "Fuzzing", "Model"]),
        .executableTarget(name: "read-values", dependencies: ["DNSPolicy", "Fuzzing", "Model"]),
        .executableTarget(name: "read-index", dependencies: ["Fuzzing"]),
        .executableTarget(
            name: "import-wireguard", dependencies: ["Fuzzing", "Manifest", "Model"],
            exclude: ["Import/ImportDocuments.swift", "Import/Intent+Import.swift"]),
        .executableTarget(name: "decode-dns", dependencies: ["DNSPolicy", "Fuzzing", "Model"]),
        .executableTarget(name: "decode-netlink", dependencies: ["Fuzzing", "Netlink"]),
        .executableTarget(name: "decode-uapi", dependencies: ["Fuzzing", "Model"]),
    ],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type != .system && target.name != "CRE2" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .strictMemorySafety(),
        // Decoders are internal, also where all is optimised.
        .unsafeFlags(["-parse-as-library", "-enable-testing"]),
    ]
}
