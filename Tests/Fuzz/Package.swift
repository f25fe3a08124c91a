// swift-tools-version: 6.2
import PackageDescription

// A package of its own: `swift build --sanitize=fuzzer` links a main of libFuzzer, which no other executable can have.
// The links below Sources lead to the sources and checks of the project, so that nothing but them is built.
let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .target(name: "Model"),
        .target(name: "Manifest", dependencies: ["Model", "CLibYAML"]),
        .executableTarget(name: "parse-and-edit", dependencies: ["Manifest", "Model"]),
        .systemLibrary(name: "CLibIDN2", pkgConfig: "libidn2"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "DNSPolicy", dependencies: ["Model", "CRE2", "CLibIDN2"]),
        .executableTarget(name: "decode-dns", dependencies: ["DNSPolicy", "Model"]),
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
        .unsafeFlags(["-parse-as-library"]),
    ]
}
