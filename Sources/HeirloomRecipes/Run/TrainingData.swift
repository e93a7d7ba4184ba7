import Foundation
public import HeirloomDatasets

/// What a model is trained on: saved with its weights.
public struct TrainingData: Codable, Sendable, Equatable {
    /// Name of the store, its pictures that train, and those set aside to judge by.
    public var store: String, pictures: Int, heldOut: Int
    /// Origins and licences as stated there.
    public var sources: [Source]

    /// One origin.
    public struct Source: Codable, Sendable, Equatable {
        /// Name, licence as stated, number of pictures.
        public var name: String, licence: String, pictures: Int
    }

    /// Describes a divided store.
    public init(_ split: Split) {
        // Sources are counted over the pictures that are trained on, so that a filtered run says what it used.
        var counts: [Int: Int] = [:]
        for index in split.training { counts[split.store.metadata.pictures[index].source, default: 0] += 1 }
        store = URL(fileURLWithPath: split.store.path).lastPathComponent
        pictures = split.training.count
        heldOut = split.validation.count
        sources = counts.keys.sorted().map { source in
            let entry = split.store.metadata.sources[source]
            return Source(name: entry.name, licence: entry.licence, pictures: counts[source] ?? 0)
        }
    }
}
