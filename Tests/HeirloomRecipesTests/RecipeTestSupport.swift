import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import TestSupport

extension TemporaryFolder {
    /// A store of small pictures whose colour follows from their brightness: bright is yellow, dark is blue.
    func colourStore(_ count: Int = 12, side: Int = 48) throws -> PackedStore {
        let writer = try PackedStoreWriter(path: file("photos.pack"))
        for number in 0..<count {
            let pixels = (0..<side * side).flatMap { index -> [UInt8] in
                let wave = sin(Double(index % side) / 7 + Double(number)) + cos(Double(index / side) / 9)
                let bright = UInt8(128 + 60 * wave)
                return [bright, bright, UInt8(200 - 0.7 * Double(bright))]
            }
            try pixels.withUnsafeBytes {
                try writer.append(
                    pixels: $0, width: side, height: side, name: "\(number).png",
                    source: .init(name: number % 3 == 0 ? "waves" : "ripples", licence: "made by the test"),
                    group: number % 2 == 0 ? "landscape" : nil, label: number % 10)
            }
        }
        try writer.finish()
        return try PackedStore(contentsOf: file("photos.pack"))
    }
}

/// EfficientNet-Lite0 with random weights: as large as the real one, and nothing to fetch.
func randomEncoder() -> EfficientNetLite { EfficientNetLite(.init(), using: Generator(seed: 6)) }

extension ColorRecipe {
    /// Phases so small that a test can run them.
    static func tiny(phases: Int = 1, featureWeight: Double = 0) -> ColorRecipe {
        ColorRecipe(
            phases: (0..<phases).map { _ in
                Phase(size: 32, batchSize: 2, share: 1, rate: 2e-3, frozenPart: 0.2, featureScale: 1)
            }, loss: .init(featureWeight: featureWeight), averageDecay: 0.5)
    }
}
