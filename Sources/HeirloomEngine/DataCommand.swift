import ArgumentParser
import Foundation
import HeirloomDatasets

/// Looks at a packed store before training.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Say what a packed store holds, and what may disappoint in training.",
        discussion: """
            Examples:
              heirloom-engine data photos.pack
              heirloom-engine data photos.pack --json
            """)

    @Argument(help: "The packed store.")
    var store: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Content: Encodable {
        let statistics: CollectionStatistics, groups: [String: Int], sources: [PackedMetadata.Source]
        let labelled: Int, warnings: [String]
    }

    func run() throws {
        let store = try PackedStore(contentsOf: store)
        let (statistics, groups) = (store.statistics(), store.groupCounts)
        let labelled = store.entries.count { $0.label != nil }
        let warnings = statistics.warnings(groups: groups)
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let content = Content(
                statistics: statistics, groups: groups, sources: store.metadata.sources, labelled: labelled,
                warnings: warnings)
            return print(String(decoding: try encoder.encode(content), as: UTF8.self))
        }
        print("\(store.count) picture\(store.count == 1 ? "" : "s")")
        for row in statistics.rows { show(row.name, row.text) }
        if !groups.isEmpty { show("kinds", CollectionStatistics.text(groups)) }
        if labelled > 0 { show("labels", "\(labelled) pictures") }
        for (index, source) in store.metadata.sources.enumerated() {
            show(index == 0 ? "from" : "", "\(source.name): \(source.count) (licence: \(source.licence))")
        }
        for warning in warnings { print("warning: \(warning)") }
    }

    private func show(_ name: String, _ text: String) {
        print("  " + name.padding(toLength: 12, withPad: " ", startingAt: 0) + text)
    }
}
