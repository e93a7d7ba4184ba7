import HeirloomDatasets
import HeirloomTensors

/// Random numbers for the pictures of a batch, a few for each, all drawn at once on their device.
struct PictureDraws {
    private let numbers: Tensor
    private let used = Counter()

    private final class Counter {
        var value = 0
    }

    /// Draws `count` uniform numbers for each of `pictures` pictures.
    init(_ count: Int, pictures: Int, using generator: Generator) {
        numbers = .uniform([count, pictures, 1, 1, 1], using: generator)
    }

    /// The next number of every picture, uniform between two: `[N, 1, 1, 1]`.
    func uniform(_ low: Double = 0, _ high: Double = 1) -> Tensor {
        precondition(used.value < numbers.shape[0], "more draws than the \(numbers.shape[0]) that were announced")
        defer { used.value += 1 }
        return numbers[used.value] * (high - low) + low
    }

    /// 1 for a part of the pictures, 0 for the others: `[N, 1, 1, 1]`.
    func chance(_ probability: Double) -> Tensor { (uniform() .< probability).to(dtype: .float32) }
}

extension RandomSequence {
    /// A sequence that begins where a generator stands, for draws that steer the computation. Waits for the device.
    init(drawnFrom generator: Generator) {
        let words = Tensor.integers([2], from: 0, to: 1 << 31, using: generator).scalars(as: Int64.self)
        self.init(UInt64(words[0]), UInt64(words[1]))
    }
}
