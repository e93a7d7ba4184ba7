import Foundation
import HeirloomTensors

/// Powers of 64 ms frames by channel and third of an octave, and which of them hold speech.
struct BandSpeech {
    let bands: ThirdOctaves
    let size: Int
    private let window: Tensor

    init(sampleRate: Int) {
        size = sampleRate * 64 / 1000 / 2 * 2
        bands = ThirdOctaves(sampleRate: sampleRate, size: size)
        let length = Double(size)
        let hann = 0.5 - (Tensor.range(to: length) * (2 * .pi / length)).cos() * 0.5
        window = hann * (2 / (length * length * 0.375)).squareRoot()
    }

    /// Frames in so many samples, half overlapping.
    func frames(_ count: Int) -> Int { max(0, (count - size) / (size / 2) + 1) }

    /// `[D, L]` → `[D, T, B]` mean squares.
    func powers(_ x: Tensor) -> Tensor {
        (x.windows(axis: 1, size: size, step: size / 2) * window).realFFT().abs().squared().matmul(bands.grouping)
    }

    /// Weights of frames: those given, stretched to as many frames as there are, or, without any, 1 where the middle
    /// channel's speech band is 6 dB above its quiet fifth.
    func speech(_ powers: Tensor, given: Tensor?) -> [Float] {
        let count = powers.shape[1]
        if let given {
            let known = given.floats
            precondition(!known.isEmpty, "speech weights without a frame")
            return (0..<count).map { known[min(known.count - 1, (2 * $0 + 1) * known.count / (2 * count))] }
        }
        let voice = bands.centers.map { Float(250..<4000 ~= $0 ? 1 : 0) }
        let levels = powers.matmul(Tensor(voice, shape: [voice.count, 1])).squeezed(2).median(axis: 0).floats
        let quiet = levels.filter { $0 > 1e-14 }.sorted()
        guard !quiet.isEmpty else { return levels.map { _ in 0 } }
        let limit = 4 * quiet[quiet.count / 5]
        return levels.map { $0 > limit ? 1 : 0 }
    }
}
