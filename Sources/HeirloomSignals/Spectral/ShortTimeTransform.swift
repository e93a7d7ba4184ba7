public import HeirloomTensors

/// Short-time spectra of sound of any length, and the way back without a trace.
///
/// The signal is padded with silence by a window less a hop on both sides, so that every sample lies in `length / hop`
/// whole frames; nothing is mirrored. The inverse is overlap-add with the window once more, divided by the sum of the
/// squared windows: the least-squares inverse (Griffin, Lim 1984), which returns an unchanged signal exactly (better than
/// −120 dB) and has no border effects. Gradients flow through both directions.
///
/// Frame t begins at sample `t · hop − (length − hop)` of the signal.
public struct ShortTimeTransform: Sendable, Equatable {
    /// Samples in a frame.
    public let length: Int
    /// Samples from one frame to the next.
    public let hop: Int
    /// The window of both directions.
    public let window: SpectralWindow

    /// A transform.
    ///
    /// - Precondition: the length is even, a multiple of the hop, and at least twice it.
    public init(length: Int, hop: Int, window: SpectralWindow = .hann) {
        precondition(
            hop > 0 && length % 2 == 0 && length % hop == 0 && length >= 2 * hop,
            "frames of \(length) samples every \(hop) do not overlap evenly")
        self.length = length
        self.hop = hop
        self.window = window
    }

    /// Frames of a duration, such as 64 ms every 16 ms: 1024 / 256 at 16 kHz, 3072 / 768 at 48 kHz.
    ///
    /// - Parameters:
    ///   - sampleRate: in Hz.
    ///   - seconds: the hop; rounded to whole samples, and to an even number of them.
    ///   - overlap: hops in a frame.
    public init(sampleRate: Int, hop seconds: Double, overlap: Int = 4, window: SpectralWindow = .hann) {
        let hop = max(2, 2 * Int((seconds * Double(sampleRate) / 2).rounded()))
        self.init(length: hop * overlap, hop: hop, window: window)
    }

    /// Frequencies in a spectrum: from 0 to half the sample rate.
    public var frequencyCount: Int { length / 2 + 1 }

    /// The frequency of a bin in Hz.
    public func frequency(ofBin bin: Int, sampleRate: Int) -> Double {
        Double(bin) * Double(sampleRate) / Double(length)
    }

    /// The number of frames of a signal.
    public func frameCount(samples: Int) -> Int { (samples + length - 1) / hop }

    /// The sample in the middle of a frame; it lies before the signal for the first ones.
    public func center(ofFrame frame: Int) -> Int { (frame + 1) * hop - length / 2 }

    /// The spectra of every channel.
    ///
    /// - Shape: `[C, L]` float32 or float64 → complex `[C, F, T]`, with F = length / 2 + 1 and T = (L + length − 1) / hop.
    ///   In memory the frequencies of a frame lie side by side.
    /// - Range: not scaled: a sine of amplitude a has the magnitude a · (sum of the window) / 2.
    public func forward(_ x: Tensor) -> Tensor {
        precondition(x.rank == 2 || !x.isDefined, "a short-time transform takes [C, L], not \(x.summary)")
        let samples = x.shape[1]
        let frames = frameCount(samples: samples)
        let front = length - hop
        let padded = x.padded([front, (frames - 1) * hop + length - front - samples])
        let windowed = padded.windows(axis: 1, size: length, step: hop) * windowTensor(like: x)
        return windowed.realFFT().swappingAxes(1, 2)
    }

    /// The signal of given spectra.
    ///
    /// - Parameters:
    ///   - spectra: complex `[C, F, T]`.
    ///   - samples: the length of the signal, L.
    /// - Returns: `[C, L]`.
    /// - Precondition: T is the number of frames of L samples.
    public func inverse(_ spectra: Tensor, length samples: Int) -> Tensor {
        let shape = spectra.shape
        let frames = frameCount(samples: samples)
        precondition(
            !spectra.isDefined || shape.count == 3 && shape[1] == frequencyCount && shape[2] == frames,
            "spectra \(spectra.summary) are not those of \(samples) samples")
        let channels = shape[0]
        let pieces = spectra.swappingAxes(1, 2).inverseRealFFT(length: length)  // [C, T, length]
        let overlap = length / hop
        let weighted = (pieces * synthesis(like: pieces)).reshaped([channels, frames, overlap, hop])
        var sum = weighted.selected(axis: 2, index: 0).padded([0, 0, 0, overlap - 1])
        for part in 1..<overlap {
            sum += weighted.selected(axis: 2, index: part).padded([0, 0, part, overlap - 1 - part])
        }
        let front = length - hop
        return sum.reshaped([channels, (frames + overlap - 1) * hop]).sliced(axis: 1, from: front, to: front + samples)
    }

    /// Which frames see only samples that exist: the mask of samples, seen by the frames.
    ///
    /// The silence around the signal does not count against a frame.
    /// - Shape: `[D, L]`, 1 for a valid sample and 0 for a missing one → float32 `[D, T]`, 1 or 0.
    public func validFrames(_ valid: Tensor) -> Tensor {
        let samples = valid.shape[1]
        let frames = frameCount(samples: samples)
        let front = length - hop
        let missing = (valid.to(dtype: .float32) .< 0.5).to(dtype: .float32)
            .padded([front, (frames - 1) * hop + length - front - samples])
        let perHop = missing.reshaped([valid.shape[0], frames - 1 + length / hop, hop]).sum(axes: [2])
        return (perHop.windows(axis: 1, size: length / hop, step: 1).sum(axes: [2]) .< 0.5).to(dtype: .float32)
    }

    private func windowTensor(like x: Tensor) -> Tensor { vector(window.values(length), like: x) }

    /// The window divided by what all squared windows over a sample add up to, which repeats every hop.
    private func synthesis(like x: Tensor) -> Tensor {
        let values = window.values(length)
        var energy = [Double](repeating: 0, count: hop)
        for (index, value) in values.enumerated() { energy[index % hop] += value * value }
        return vector(values.enumerated().map { $1 / max(energy[$0 % hop], 1e-8) }, like: x)
    }

    private func vector(_ values: [Double], like x: Tensor) -> Tensor {
        Tensor(values).to(dtype: x.dtype == .float64 ? .float64 : .float32, device: x.device)
    }
}
