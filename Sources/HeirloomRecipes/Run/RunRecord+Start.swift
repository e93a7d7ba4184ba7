import Foundation
import HeirloomDatasets
import HeirloomTensors

extension RunRecord {
    /// The record of a run that begins.
    init(_ options: ColorTraining.Options, data: Split) {
        // Sources are counted over the pictures that are trained on, so that a filtered run says what it used.
        var counts: [Int: Int] = [:]
        for index in data.training { counts[data.store.metadata.pictures[index].source, default: 0] += 1 }
        let sources = counts.keys.sorted().map { source in
            let entry = data.store.metadata.sources[source]
            return Data.Source(name: entry.name, licence: entry.licence, pictures: counts[source] ?? 0)
        }
        self.init(
            task: "colorize", recipe: options.recipe, startingWeights: options.startingWeights,
            data: Data(
                store: URL(fileURLWithPath: data.store.path).lastPathComponent, pictures: data.training.count,
                heldOut: data.validation.count, sources: sources),
            length: "\(options.length)", seed: options.seed, device: "\(options.device)",
            precision: options.precision?.description ?? "float32", libtorch: Runtime.version)
    }
}
