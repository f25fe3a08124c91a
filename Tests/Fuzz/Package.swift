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
    ]
)

for target in package.targets where target.type != .system {
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
