public import HeirloomSignals
public import HeirloomTensors

/// The spectra that a ``SpectralUNet`` sees: frames of 32 ms every 8 ms at any rate, so that bin k always means
/// `k · 31.25` Hz, with loudness compressed to the power 0.3 and the phase kept.
public struct SpectralForm: Sendable, Equatable {
    /// Bins of the network: 0 to 8 kHz.
    public static let bins = 256
    /// The power that magnitudes are raised to.
    public static let power = 0.3
    /// Squared magnitude, against full scale, below which compression fades out: −120 dB.
    private static let floor = 1e-12

    /// Frames of 32 ms every 8 ms.
    public let transform: ShortTimeTransform

    /// The form of sound of a rate.
    /// - Precondition: The rate is 16,000 or 48,000 Hz.
    public init(sampleRate: Int) {
        precondition(
            [16_000, 48_000].contains(sampleRate), "a spectral network hears 16 or 48 kHz, not \(sampleRate) Hz")
        transform = ShortTimeTransform(length: sampleRate * 32 / 1000, hop: sampleRate * 8 / 1000)
    }

    /// Spectra of sounds, scaled so that a sine of amplitude 1 has magnitude 1: `[N, L]` → `[N, 2, F, T]`, real and
    /// imaginary parts.
    public func spectrum(of sound: Tensor) -> Tensor {
        let scale = 4 / Double(transform.length)
        return transform.forward(sound * scale).viewedAsReal().transposed([0, 3, 1, 2])
    }

    /// The sound of spectra: `[N, 2, F, T]` → `[N, length]`.
    public func sound(of spectrum: Tensor, length: Int) -> Tensor {
        let scale = Double(transform.length) / 4
        let complex = spectrum.transposed([0, 2, 3, 1]).contiguous().viewedAsComplex()
        return transform.inverse(complex, length: length) * scale
    }

    /// Magnitudes to the power 0.3, phases as they are: `[N, 2, F, T]` → the same.
    public static func compressed(_ spectrum: Tensor) -> Tensor {
        spectrum * (power(of: spectrum) + floor).raised(to: (power - 1) / 2)
    }

    /// The inverse of ``compressed(_:)``.
    public static func expanded(_ spectrum: Tensor) -> Tensor {
        spectrum * power(of: spectrum).raised(to: (1 / power - 1) / 2)
    }

    /// Squared magnitudes: `[N, 2, F, T]` → `[N, 1, F, T]`.
    public static func power(of spectrum: Tensor) -> Tensor {
        spectrum.squared().sum(axes: [1], keepingDimensions: true)
    }
}
