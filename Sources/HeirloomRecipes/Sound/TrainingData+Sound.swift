import Foundation
import HeirloomDatasets

extension TrainingData {
    /// Describes divided stores of sound; its numbers are clips.
    init(_ data: SoundData) {
        store = [data.speech, data.noise].map { URL(fileURLWithPath: $0.path).lastPathComponent }
            .joined(separator: " + ")
        pictures = data.speechClips.count
        heldOut = data.heldOutSpeech.count
        sources = [(data.speech, data.speechClips), (data.noise, data.noiseClips)].flatMap { store, clips in
            var counts: [Int: Int] = [:]
            for clip in clips { counts[store.entries[clip].source, default: 0] += 1 }
            return counts.keys.sorted().map { source in
                let entry = store.metadata.sources[source]
                return Source(name: entry.name, licence: entry.licence, pictures: counts[source] ?? 0)
            }
        }
    }
}
