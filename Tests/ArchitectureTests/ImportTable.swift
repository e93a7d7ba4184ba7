/// What one target may import: a row of the table in Sources/README.md.
struct TargetRow {
    /// The target's name, which is also its folder in Sources.
    let name: String

    /// Its level in the graph; imports of our own go to a lower one.
    let level: Int

    /// The modules that its files may import.
    let imports: Set<String>

    /// Of those, the modules that its public API must not show: no `public import`.
    let hidden: Set<String>

    init(_ name: String, _ level: Int, _ imports: Set<String>, hidden: Set<String> = []) {
        self.name = name
        self.level = level
        self.imports = imports
        self.hidden = hidden
    }
}

/// The import graph as data. Every import of every file in Sources is compared with it, because SwiftPM lets a file import
/// whatever its dependencies reach.
enum ImportTable {
    /// Modules of the system that any layer may use where a row names them.
    static let foundation: Set<String> = ["Foundation", "Synchronization"]

    /// The C library under its name on each platform, for memory mapping, signals and terminals; and Dispatch, for signals.
    static let cLibrary: Set<String> = ["Glibc", "Musl", "Darwin", "Dispatch"]

    static let rows: [TargetRow] = [
        TargetRow("CTorch", 0, []),
        TargetRow("CLibAV", 0, []),
        TargetRow("CVips", 0, []),
        TargetRow("CSndFile", 0, []),
        TargetRow("CSoxr", 0, []),
        TargetRow("CEBUR128", 0, []),

        TargetRow(
            "HeirloomTensors", 1, foundation.union(cLibrary).union(["CTorch"]), hidden: ["Foundation", "CTorch"]),
        TargetRow("HeirloomWorkers", 1, foundation.union(cLibrary)),
        TargetRow(
            "HeirloomMedia", 1,
            foundation.union(cLibrary).union(["CLibAV", "CVips", "CSndFile", "CSoxr", "CEBUR128"]),
            hidden: ["CLibAV", "CVips", "CSndFile", "CSoxr", "CEBUR128"]),

        TargetRow("HeirloomLayers", 2, foundation.union(["HeirloomTensors"])),
        TargetRow("HeirloomSignals", 2, foundation.union(["HeirloomTensors"])),
        TargetRow(
            "HeirloomDatasets", 2, foundation.union(cLibrary).union(["HeirloomTensors", "HeirloomWorkers"])),
        TargetRow("HeirloomMediaTensors", 2, foundation.union(["HeirloomMedia", "HeirloomTensors"])),

        TargetRow(
            "HeirloomModels", 3, foundation.union(["HeirloomTensors", "HeirloomLayers", "HeirloomSignals"])),
        TargetRow(
            "HeirloomTraining", 3,
            foundation.union(["HeirloomTensors", "HeirloomLayers", "HeirloomDatasets", "HeirloomWorkers"])),

        TargetRow(
            "HeirloomRecipes", 4,
            foundation.union([
                "HeirloomTraining", "HeirloomDatasets", "HeirloomModels", "HeirloomLayers", "HeirloomSignals",
                "HeirloomTensors", "HeirloomWorkers",
            ])),
        TargetRow(
            "HeirloomRestoration", 4,
            foundation.union(cLibrary).union([
                "HeirloomModels", "HeirloomLayers", "HeirloomSignals", "HeirloomTensors", "HeirloomMedia",
                "HeirloomMediaTensors", "HeirloomWorkers", "Logging",
            ])),
        TargetRow(
            "HeirloomIntake", 4,
            foundation.union([
                "HeirloomMedia", "HeirloomMediaTensors", "HeirloomDatasets", "HeirloomTensors", "HeirloomWorkers",
                "Logging",
            ])),

        TargetRow(
            "HeirloomCommands", 5,
            foundation.union(cLibrary).union([
                "HeirloomRestoration", "HeirloomIntake", "HeirloomRecipes", "HeirloomMedia", "HeirloomModels",
                "ArgumentParser", "Logging",
            ])),
        TargetRow(
            "Heirloom", 5,
            [
                "HeirloomTensors", "HeirloomWorkers", "HeirloomMedia", "HeirloomLayers", "HeirloomSignals",
                "HeirloomDatasets", "HeirloomMediaTensors", "HeirloomModels", "HeirloomTraining", "HeirloomRecipes",
                "HeirloomRestoration", "HeirloomIntake",
            ]),

        TargetRow("HeirloomTool", 6, ["HeirloomCommands"]),
        TargetRow(
            "HeirloomEngine", 6,
            foundation.union(cLibrary).union([
                "HeirloomRecipes", "HeirloomModels", "HeirloomDatasets", "HeirloomTensors", "ArgumentParser",
            ])),
    ]

    static func row(for target: String) -> TargetRow? {
        rows.first { $0.name == target }
    }
}
