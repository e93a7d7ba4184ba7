// swift-tools-version: 6.2
// One package, one target per layer: imports go downwards only (Sources/README.md, Tests/ArchitectureTests).
import PackageDescription

/// Where `make setup` unpacks libtorch, seen from a target's folder. The libraries are also linked into SwiftPM's
/// product folder, where the linker's `-L` and the executables' `$ORIGIN` find them: no unsafe flags, no environment.
let libtorch = "../../.libtorch"

/// libvips lies where the compiler looks anyway on Linux, and its .pc file carries flags that SwiftPM refuses with a warning
/// at every build; GLib's, which it needs, does not.
#if os(Linux)
    let vips = "gobject-2.0"
#else
    let vips = "vips"
#endif

let package = Package(
    name: "Heirloom",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "heirloom", targets: ["HeirloomTool"]),
        .executable(name: "heirloom-engine", targets: ["HeirloomEngine"]),
        .library(name: "Heirloom", targets: ["Heirloom"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        // 0: C boundaries
        .target(
            name: "CTorch",
            cxxSettings: [
                .headerSearchPath("\(libtorch)/include"),
                .headerSearchPath("\(libtorch)/include/torch/csrc/api/include"),
            ],
            linkerSettings: [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]
        ),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat",
            providers: [
                .apt([
                    "libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libswscale-dev", "libswresample-dev",
                ])
            ]),
        .systemLibrary(name: "CVips", pkgConfig: vips, providers: [.apt(["libvips-dev"])]),
        .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CEBUR128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),

        // 1
        .target(name: "HeirloomTensors", dependencies: ["CTorch"]),
        .target(name: "HeirloomWorkers"),
        .target(name: "HeirloomMedia", dependencies: ["CLibAV", "CVips", "CSndFile", "CSoxr", "CEBUR128"]),

        // 2
        .target(name: "HeirloomLayers", dependencies: ["HeirloomTensors"]),
        .target(name: "HeirloomSignals", dependencies: ["HeirloomTensors"]),
        .target(name: "HeirloomDatasets", dependencies: ["HeirloomTensors", "HeirloomWorkers"]),
        .target(name: "HeirloomMediaTensors", dependencies: ["HeirloomMedia", "HeirloomTensors"]),

        // 3
        .target(
            name: "HeirloomModels", dependencies: ["HeirloomTensors", "HeirloomLayers", "HeirloomSignals"],
            exclude: [
                "ColorUNet", "DeepFilterNet3", "DeOldify", "EfficientNetLite", "MTCNN", "RRDBNet", "SRVGGNetCompact",
                "SpectralUNet", "UNetDiscriminatorSN", "VGG16BN", "VGG19",
            ].map { $0 + "/README.md" }),
        .target(
            name: "HeirloomTraining",
            dependencies: ["HeirloomTensors", "HeirloomLayers", "HeirloomDatasets", "HeirloomWorkers"]),

        // 4
        .target(
            name: "HeirloomRecipes",
            dependencies: [
                "HeirloomTraining", "HeirloomDatasets", "HeirloomModels", "HeirloomLayers", "HeirloomSignals",
                "HeirloomTensors", "HeirloomWorkers",
            ]),
        .target(
            name: "HeirloomRestoration",
            dependencies: [
                "HeirloomModels", "HeirloomLayers", "HeirloomSignals", "HeirloomTensors", "HeirloomMedia",
                "HeirloomMediaTensors", "HeirloomWorkers", .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "HeirloomIntake",
            dependencies: [
                "HeirloomMedia", "HeirloomMediaTensors", "HeirloomDatasets", "HeirloomTensors", "HeirloomWorkers",
                .product(name: "Logging", package: "swift-log"),
            ]),

        // 5
        .target(
            name: "HeirloomCommands",
            dependencies: [
                "HeirloomRestoration", "HeirloomIntake", "HeirloomRecipes", "HeirloomMedia", "HeirloomModels",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Heirloom",
            dependencies: [
                "HeirloomTensors", "HeirloomWorkers", "HeirloomMedia", "HeirloomLayers", "HeirloomSignals",
                "HeirloomDatasets", "HeirloomMediaTensors", "HeirloomModels", "HeirloomTraining", "HeirloomRecipes",
                "HeirloomRestoration", "HeirloomIntake",
            ]),

        // 6
        .executableTarget(name: "HeirloomTool", dependencies: ["HeirloomCommands"]),
        .executableTarget(
            name: "HeirloomEngine",
            dependencies: [
                "HeirloomRecipes", "HeirloomModels", "HeirloomDatasets", "HeirloomTensors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    cxxLanguageStandard: .cxx20
)

/// Test targets: the library each one tests, and what else its files import.
let tests: [String: [Target.Dependency]] = [
    "HeirloomTensors": [],
    "HeirloomWorkers": [],
    "HeirloomMedia": [],
    "HeirloomLayers": ["HeirloomTensors"],
    "HeirloomSignals": ["HeirloomTensors"],
    "HeirloomDatasets": ["HeirloomTensors"],
    "HeirloomMediaTensors": ["HeirloomMedia", "HeirloomTensors"],
    "HeirloomModels": ["HeirloomTensors", "HeirloomLayers", "HeirloomSignals"],
    "HeirloomTraining": ["HeirloomTensors", "HeirloomLayers", "HeirloomDatasets"],
    "HeirloomRecipes": [
        "HeirloomTraining", "HeirloomTensors", "HeirloomLayers", "HeirloomDatasets", "HeirloomModels",
        "HeirloomSignals",
    ],
    "HeirloomRestoration": [
        "HeirloomLayers", "HeirloomModels", "HeirloomTensors", "HeirloomMedia", "HeirloomMediaTensors",
        "HeirloomSignals",
    ],
    "HeirloomIntake": ["HeirloomMedia", "HeirloomDatasets", "HeirloomTensors"],
    "HeirloomCommands": ["HeirloomLayers", "HeirloomMedia", "HeirloomModels", "HeirloomTensors", "HeirloomTool"],
]

package.targets.append(.target(name: "TestSupport", dependencies: ["HeirloomTensors"], path: "Tests/TestSupport"))
package.targets.append(.testTarget(name: "ArchitectureTests"))
for (library, others) in tests.sorted(by: { $0.key < $1.key }) {
    package.targets.append(
        .testTarget(
            name: library + "Tests",
            dependencies: [.target(name: library), "TestSupport"] + others))
}

for target in package.targets where target.type != .system && target.name != "CTorch" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .treatAllWarnings(as: .error),
    ]
}
